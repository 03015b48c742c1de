// info.h - what the program works out about an entity when it starts (registry.c). Private to
// kernel/entity; the generated tables only reserve the room.
#pragma once

#include "base/map.h"
#include "kernel/module.h"

struct EntityInfo {
    int number;  // dense, over all entities
    const Module *module;
    const Machine *machine;  // NULL: nothing moves it
    const Hook *hook;
    Map fields;  // name -> const FieldDef *
    const FieldDef *state;
};
