// What is wrong with a scenario that is well-formed text. Two passes: each value against its rule in the schema, then
// the whole against sense, as a table of small checks.
#pragma once

#include "scenarios/parse.h"

namespace parallax::scenarios {

/// Whether two elements of a list have one name: then what is said of one may be meant of the other.
enum class NameClash { none, some };

/// Every given value alone: form, range, names unique in their list, references to sites and nodes; then what is
/// missing. Of a file that ended in a syntax error only what does not depend on the rest; where words are not known,
/// nothing is said to be missing.
NameClash check_values(Draft& draft);

/// What expectations say of being broken, against the scenario as its file has it: the command line may take away what
/// a mutation is about.
void check_mutations(Draft& draft);
/// The same of any other message, which refers to no sites and no nodes.
void check_values(const google::protobuf::Message& message, Draft::Extent extent, const Places& places,
                  std::vector<Problem>& problems);

/// What fields say together. Requires: defaults are filled in. Values that check_values objects to are passed over.
void check_sense(Draft& draft);

}  // namespace parallax::scenarios
