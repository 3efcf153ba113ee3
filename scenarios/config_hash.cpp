#include "scenarios/config_hash.h"

#include <cstdint>
#include <string_view>
#include <vector>

#include "scenarios/fields.h"

namespace parallax::scenarios {
namespace {

// Its length comes first, so that no two lists of texts are hashed alike.
void add_text(std::string_view text, sim::Hasher& hasher) {
  std::vector<std::uint64_t> words{text.size()};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 8 == 0) words.push_back(0);
    words.back() |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * (i % 8));
  }
  hasher.add(words);
}

}  // namespace

sim::Fingerprint config_hash(const schema::Scenario& scenario) {
  sim::Hasher hasher;
  for_each_field(scenario, [&hasher](const FieldRef& at) {
    if (at.path == "title" || at.path == "seeds" || rule_of(at.field).suite_only()) return;
    const int count = value_count(at.message, at.field);
    if (count == 0) return;
    add_text(at.path, hasher);
    for (int i = 0; i < count && at.field.message_type() == nullptr; ++i) {
      add_text(scalar_text(at.message, at.field, i), hasher);
    }
  });
  return hasher.digest();
}

}  // namespace parallax::scenarios
