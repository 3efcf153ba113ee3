// Blocks and lists of a scenario made otherwise, for overrides: what is added is known to come from there, and of what
// is taken out no place is kept.
#pragma once

#include "scenarios/fields.h"
#include "scenarios/places.h"

namespace parallax::scenarios {

/// At the end of a list; returns its index.
int add_element(Message& message, const FieldDescriptor& field, Place place, Places& places);

/// A block, or one element of a list: those behind it move up. Requires: it is there.
void take_out(Message& message, const FieldDescriptor& field, int index, Places& places);

/// What the fields hold that exclude this one: it takes their place.
void take_out_rivals(Message& message, const FieldDescriptor& field, Places& places);

/// The block as "{}": there, and nothing said in it. Requires: of a list, it is there.
void make_empty(Message& message, const FieldDescriptor& field, int index, Place place, Places& places);

}  // namespace parallax::scenarios
