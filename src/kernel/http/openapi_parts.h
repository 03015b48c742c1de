// openapi_parts.h - the document in pieces: openapi.c has the paths, openapi_schema.c what goes in
// and comes out. Private to kernel/http.
#pragma once

#include "base/json.h"
#include "kernel/module.h"

// One record has three forms: as it is answered (only id and version are always there, since a
// reader may not see every field), as it is created (with what must be given), as it is changed.
typedef enum SchemaForm {
    SCHEMA_ANSWERED,
    SCHEMA_CREATED,
    SCHEMA_CHANGED,
    SCHEMA_FORMS
} SchemaForm;

// What a document being written knows.
typedef struct OpenApi {
    Arena *arena;
    JsonOut json;
} OpenApi;

// "SalesOrder", "SalesOrderNew", "SalesOrderChange"; of a shape "PostalShape".
Str schema_name(Arena *arena, const EntityDef *e, SchemaForm form);
Str shape_name(Arena *arena, const ShapeDef *shape);

void put_text_member(OpenApi *api, const char *key, const char *value);
void put_ref(OpenApi *api, const char *kind, Str name);  // {"$ref": "#/components/KIND/NAME"}

// "schemas": these entities and shapes, what they are made of, and what answers have in common. Of
// an entity that is only read there is only the answered form.
typedef struct EntityUse {
    const EntityDef *entity;
    bool is_written;
} EntityUse;
typedef LIST(EntityUse) EntityUseList;
typedef LIST(const ShapeDef *) ShapeUseList;
void put_schemas(OpenApi *api, const EntityUseList *entities, const ShapeUseList *shapes);
