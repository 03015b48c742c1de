// clang-format off
int   fenced( void );
// clang-format on
int good(void);
