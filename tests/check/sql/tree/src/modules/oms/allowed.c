Query q = SQL("SELECT name FROM party");
