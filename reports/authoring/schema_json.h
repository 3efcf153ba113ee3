// The schema of scenarios as JSON, for editors and generators of forms: each field once, by its message.
#pragma once

#include <string>

namespace parallax::reports {

/// {"messages": [{"name", "fields": [{"name", "type", "list", "message", "quantity", "default", "least", "greatest",
/// "required", "help", "source", "key", "choices"}]}]}. What a rule does not say is null.
std::string schema_json();

}  // namespace parallax::reports
