// A comment may say malloc() and time() as often as it likes.
static const char *text = "printf() in a text";  // free() here too
/* and
   fopen() here */
int order_count(void)
{
    time_t now = time(NULL);
    double share = 0.5;
    char *copy = strdup(text);
    printf("%s", copy);
    order_time(3); rows->free(1);
    return (int)clock_gettime(0, 0) + (int)random();
}
void order_print(Pdf *pdf)
{
    pdf_sides_begin(pdf, (double[]){ 60, 40 }, 2);
}
