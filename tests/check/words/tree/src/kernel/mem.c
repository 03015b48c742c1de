int kernel_free(void *p)  
{
    free(p);
    return longjmp(p, 1) + getenv("HOME") + sscanf(p, "");
}
