static const char good[] = "SELECT id FROM role";
