#include "scenarios/lay_over.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "scenarios/fields.h"
#include "scenarios/removal.h"

namespace parallax::scenarios {
namespace {

/// One of the two scenarios.
struct Sheet {
  const Places& places;
  int first_source;  ///< of its places, where both have come together
  Omitted omitted;

  /// Also a value that is given as nothing: text that is "".
  bool gives(const Message& message, const FieldDescriptor& field) const {
    const int number = field.number();
    if (omitted.has(message, number)) return false;
    return value_count(message, field) > 0 || places.find(message, number, 0) != nullptr;
  }

  std::vector<int> elements(const Message& message, const FieldDescriptor& field) const {
    std::vector<int> kept;
    for (int i = 0; i < value_count(message, field); ++i) {
      if (!omitted.has(message, field.number(), i)) kept.push_back(i);
    }
    return kept;
  }
};

class Laying {
 public:
  Laying(const Sheet& lower, const Sheet& upper, Places& places) : lower_{lower}, upper_{upper}, places_{places} {}

  /// `lower` or `upper` may be nullptr, where one of them alone has the message.
  void lay(const Message* lower, const Message* upper, Message& out) {
    if (lower != nullptr) pass_place(lower_, *lower, 0, 0, out, 0);
    if (upper != nullptr) pass_place(upper_, *upper, 0, 0, out, 0);
    const google::protobuf::Descriptor& type = *out.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      const bool above = upper != nullptr && upper_.gives(*upper, field);
      const bool below = lower != nullptr && lower_.gives(*lower, field) && (above || !is_displaced(field, upper));
      if (above || below) lay_field(field, below ? lower : nullptr, above ? upper : nullptr, out);
    }
  }

 private:
  /// The upper one has chosen another field in its place.
  bool is_displaced(const FieldDescriptor& field, const Message* upper) const {
    if (upper == nullptr || rule_of(field).choices().empty()) return false;
    const google::protobuf::Descriptor& type = *upper->GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      if (shares_a_choice(field, *type.field(i)) && upper_.gives(*upper, *type.field(i))) return true;
    }
    return false;
  }

  void lay_field(const FieldDescriptor& field, const Message* lower, const Message* upper, Message& out) {
    const bool has_messages = field.message_type() != nullptr;
    if (!field.is_repeated() && has_messages) {
      pass_place(field, lower, upper, out);
      lay(child_of(lower, field), child_of(upper, field), mutable_child(out, field, 0));
    } else if (has_messages) {
      lay_list(field, lower, upper, out);
    } else if (upper != nullptr) {
      copy_values(upper_, field, *upper, out);
    } else {
      copy_values(lower_, field, *lower, out);
    }
  }

  static const Message* child_of(const Message* owner, const FieldDescriptor& field) {
    return owner == nullptr ? nullptr : &child(*owner, field, 0);
  }

  void pass_place(const FieldDescriptor& field, const Message* lower, const Message* upper, Message& out) {
    if (lower != nullptr) pass_place(lower_, *lower, field.number(), 0, out, 0);
    if (upper != nullptr) pass_place(upper_, *upper, field.number(), 0, out, 0);
  }

  void copy_values(const Sheet& sheet, const FieldDescriptor& field, const Message& from, Message& out) {
    if (value_count(from, field) == 0) return pass_place(sheet, from, field.number(), 0, out, 0);
    int count = 0;
    for (const int index : sheet.elements(from, field)) {
      copy_scalar(from, field, index, out);
      pass_place(sheet, from, field.number(), index, out, count++);
    }
  }

  /// An element without a key is nobody's counterpart. Of several with the same key each finds another one, so that
  /// what is there twice stays there twice.
  void lay_list(const FieldDescriptor& field, const Message* lower, const Message* upper, Message& out) {
    std::multimap<std::string, int> by_key;  // of the upper; equal keys stay in order
    std::set<int> uppers;
    if (upper != nullptr) {
      for (const int index : upper_.elements(*upper, field)) uppers.insert(index);
    }
    for (const int index : uppers) by_key.emplace(element_key(*upper, field, index), index);
    const bool replaces = upper != nullptr && !has_keys(field);
    if (lower != nullptr && !replaces) {
      for (const int index : lower_.elements(*lower, field)) {
        const auto found = by_key.find(element_key(*lower, field, index));
        const bool meets = found != by_key.end() && !found->first.empty();
        add_element(field, lower, index, meets ? upper : nullptr, meets ? found->second : 0, out);
        if (!meets) continue;
        uppers.erase(found->second);
        by_key.erase(found);
      }
    }
    for (const int index : uppers) add_element(field, nullptr, 0, upper, index, out);
  }

  static bool has_keys(const FieldDescriptor& field) {
    const google::protobuf::Descriptor& type = *field.message_type();
    for (int i = 0; i < type.field_count(); ++i) {
      if (rule_of(*type.field(i)).key() != schema::NO_KEY || type.field(i)->name() == "name") return true;
    }
    return false;
  }

  void add_element(const FieldDescriptor& field, const Message* lower, int lower_index, const Message* upper,
                   int upper_index, Message& out) {
    const int count = value_count(out, field);
    Message& element = *out.GetReflection()->AddMessage(&out, &field);
    if (lower != nullptr) pass_place(lower_, *lower, field.number(), lower_index, out, count);
    if (upper != nullptr) pass_place(upper_, *upper, field.number(), upper_index, out, count);
    lay(lower == nullptr ? nullptr : &child(*lower, field, lower_index),
        upper == nullptr ? nullptr : &child(*upper, field, upper_index), element);
  }

  void pass_place(const Sheet& sheet, const Message& from, int number, int index, const Message& to, int to_index) {
    const Place* place = sheet.places.find(from, number, index);
    if (place == nullptr) return;
    places_.set(to, number, to_index, {place->source + sheet.first_source, place->line, place->column});
  }

  const Sheet& lower_;
  const Sheet& upper_;
  Places& places_;
};

}  // namespace

Draft lay_over(Draft upper, const Draft& lower, const std::string& as_said) {
  const bool readable = upper.extent == Draft::Extent::whole && lower.extent == Draft::Extent::whole;
  Omitted below = readable ? removals_of(upper, lower) : Omitted{};
  const int first_source = upper.places.add_extended(lower.places, as_said);
  upper.problems.insert(upper.problems.end(), lower.problems.begin(), lower.problems.end());
  if (!readable) {
    upper.extent = Draft::Extent::until_syntax_error;
    return upper;
  }
  below.add(*lower.scenario, schema::Scenario::kNameFieldNumber);
  Omitted above;
  above.add(*upper.scenario, schema::Scenario::kExtendsFieldNumber);
  above.add(*upper.scenario, schema::Scenario::kRemoveFieldNumber);

  const Sheet lower_sheet{lower.places, first_source, std::move(below)};
  const Sheet upper_sheet{upper.places, 0, std::move(above)};
  auto scenario = std::make_unique<schema::Scenario>();
  Places places = upper.places.sources_only();
  Laying(lower_sheet, upper_sheet, places).lay(lower.scenario.get(), upper.scenario.get(), *scenario);
  upper.scenario = std::move(scenario);
  upper.places = std::move(places);
  return upper;
}

}  // namespace parallax::scenarios
