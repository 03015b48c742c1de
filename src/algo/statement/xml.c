// xml.c - XML as a tree.
//
// expat calls back, and nothing may be allocated in an arena inside another library's callback (it
// might never return to it). So all the room the tree can need is taken first: no more elements
// than there are "<" and no more text than there are bytes.
#include "algo/statement/xml.h"

#include <expat.h>

typedef struct {
    XML_Parser parser;
    Xml *elements;
    size_t element_count, element_cap;
    char *text;
    size_t text_len, text_cap;
    Xml *open;
    int depth;
    const char *refused;  // why the reader itself stopped
} Tree;

static void refuse(Tree *tree, const char *why)
{
    tree->refused = why;
    XML_StopParser(tree->parser, XML_FALSE);
}

static Str keep(Tree *tree, const char *from, size_t len)
{
    if (tree->text_len + len > tree->text_cap) {
        refuse(tree, "it says more than its bytes hold");
        return (Str){ 0 };
    }
    Str kept = { tree->text + tree->text_len, len };
    memcpy(tree->text + tree->text_len, from, len);
    tree->text_len += len;
    return kept;
}

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void on_start(void *of, const XML_Char *name, const XML_Char **attributes)
{
    Tree *tree = of;
    if (tree->element_count == tree->element_cap || ++tree->depth > XML_DEPTH) {
        refuse(tree, "its elements are nested too deep");
        return;
    }
    Xml *element = &tree->elements[tree->element_count++];
    const char *local = local_name(name);
    *element = (Xml){ .name = keep(tree, local, strlen(local)), .parent = tree->open };
    element->line = (int64_t)XML_GetCurrentLineNumber(tree->parser);
    for (; *attributes; attributes += 2) {
        if (strcmp(attributes[0], "Ccy") == 0)
            element->currency = keep(tree, attributes[1], strlen(attributes[1]));
        if (strncmp(attributes[0], "xmlns", 5) == 0 && strstr(attributes[1], ":camt."))
            element->space = keep(tree, attributes[1], strlen(attributes[1]));
    }
    element->text = (Str){ tree->text + tree->text_len, 0 };
    if (tree->open) {
        *(tree->open->last ? &tree->open->last->next : &tree->open->first) = element;
        tree->open->last = element;
        tree->open->text.len = 0;
    }
    tree->open = element;
}

// An element without children is the last one that takes text, so its text is in one piece.
static void on_text(void *of, const XML_Char *text, int len)
{
    Tree *tree = of;
    if (!tree->refused && tree->open && !tree->open->first && len > 0)
        tree->open->text.len += keep(tree, text, (size_t)len).len;
}

static void on_end(void *of, const XML_Char *name)
{
    Tree *tree = of;
    if (tree->refused)  // expat may still tell the end of an element that it was stopped in
        return;
    tree->open->text = str_trim(tree->open->text);
    tree->open = tree->open->parent;
    tree->depth--;
}

static void on_doctype(void *of, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public, int has_internal)
{
    refuse(of, "a document type is not allowed");
}

static size_t count_char(Str text, char what)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == what;
    return count;
}

static void free_parser(void *parser)
{
    if (*(XML_Parser *)parser)
        XML_ParserFree(*(XML_Parser *)parser);
}

static Status parse(Ctx *ctx, Tree *tree, Str text)
{
    XML_SetUserData(tree->parser, tree);
    XML_SetElementHandler(tree->parser, on_start, on_end);
    XML_SetCharacterDataHandler(tree->parser, on_text);
    XML_SetStartDoctypeDeclHandler(tree->parser, on_doctype);
    if (XML_Parse(tree->parser, text.ptr, (int)text.len, true) == XML_STATUS_OK && !tree->refused)
        return OK;
    const char *why =
        tree->refused ? tree->refused : XML_ErrorString(XML_GetErrorCode(tree->parser));
    return FAIL(ctx, E_INVALID, "statement.syntax", "line %lld: the XML cannot be read: %s",
                (long long)XML_GetCurrentLineNumber(tree->parser), why);
}

Status xml_read(Ctx *ctx, Str text, const Xml **ret)
{
    Tree tree = { .element_cap = count_char(text, '<'), .text_cap = text.len };
    tree.elements = NEW_ARRAY(ctx->arena, Xml, tree.element_cap + 1);
    tree.text = arena_alloc(ctx->arena, tree.text_cap + 1);
    XML_Parser *parser = NEW(ctx->arena, XML_Parser);
    arena_defer(ctx->arena, free_parser, parser);
    *parser = tree.parser = XML_ParserCreate("UTF-8");
    if (!tree.parser)
        return FAIL(ctx, E_LIMIT, "memory.limit", "there is no memory to read the XML");
    Status status = parse(ctx, &tree, text);
    free_parser(parser);
    *parser = NULL;
    TRY(status);
    *ret = tree.elements;
    return OK;
}

// ---- Finding ------------------------------------------------------------------------------------

const Xml *xml_find(const Xml *from, const char *path)
{
    Str rest = str_from(path);
    for (Str name; from && str_next(&rest, '/', &name);) {
        from = from->first;
        while (from && !str_eq(from->name, name))
            from = from->next;
    }
    return from;
}

Str xml_text(const Xml *from, const char *path)
{
    const Xml *found = xml_find(from, path);
    return found ? found->text : S("");
}

const Xml *xml_next(const Xml *element)
{
    const Xml *next = element->next;
    while (next && !str_eq(next->name, element->name))
        next = next->next;
    return next;
}
