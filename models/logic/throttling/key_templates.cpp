#include "models/logic/throttling/key_templates.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace parallax::logic::throttling {

namespace {

// The values one behind the other, the least byte first on every machine.
class Values {
 public:
  void add(std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) bytes_[size_++] = static_cast<char>(value >> (8 * i) & 0xff);
  }
  template <typename Id>
  requires std::is_enum_v<Id>
  void add(Id id) { add(static_cast<std::uint64_t>(id), 4); }
  void add(ClientAddress address) {
    add(address.high, 8);
    add(address.low, 8);
  }
  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 7 * 4 + 16> bytes_;
  std::size_t size_{0};
};

}  // namespace

ThrottleKey expand(KeyTemplate key_template, const Subject& subject, const caches::DigestSecret& secret) {
  const VariableSet named = key_template.variables;
  Values values;
  if (named.holds(Variable::kUserId)) values.add(subject.user);
  if (named.holds(Variable::kApiContext)) values.add(subject.api_context);
  if (named.holds(Variable::kApiVersion)) values.add(subject.api_version);
  if (named.holds(Variable::kResourceKey)) values.add(subject.resource);
  if (named.holds(Variable::kAppTenant)) values.add(subject.application_tenant);
  if (named.holds(Variable::kApiTenant)) values.add(subject.api_tenant);
  if (named.holds(Variable::kAppId)) values.add(subject.application);
  if (named.holds(Variable::kClientIp)) values.add(subject.client);
  return ThrottleKey::custom(key_template.id, caches::digest(values.text(), secret));
}

void KeyTemplates::add(KeyTemplate key_template) {
  const auto place = std::ranges::lower_bound(templates_, key_template.id, {}, &KeyTemplate::id);
  if (place != templates_.end() && place->id == key_template.id) {
    *place = key_template;
  } else {
    templates_.insert(place, key_template);
  }
}

void KeyTemplates::remove(TemplateId id) {
  std::erase_if(templates_, [id](const KeyTemplate& one) { return one.id == id; });
}

}  // namespace parallax::logic::throttling
