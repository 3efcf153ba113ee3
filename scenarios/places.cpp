#include "scenarios/places.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <utility>

namespace parallax::scenarios {
namespace {

/// How much of the message its beginning is that is this path, of whose elements "*" is any; 0: it begins otherwise.
std::size_t length_of_path(std::string_view path, std::string_view message) {
  std::size_t at = 0;
  while (!path.empty()) {
    if (path.starts_with("*]") && at > 0 && message[at - 1] == '[') {
      at = std::min(message.find(']', at), message.size());
      path.remove_prefix(1);
    }
    if (at == message.size() || message[at] != path.front()) return 0;
    path.remove_prefix(1);
    ++at;
  }
  return at;
}

/// Where the override's path stands in front already, a message need not begin with it again.
std::string without_path(std::string message, std::string_view source_name) {
  std::string_view path = source_name.substr(source_name.find(' ') + 1);
  if (path.ends_with(']')) path = path.substr(0, path.rfind('['));  // values are told of by their list
  const std::size_t length = length_of_path(path, message);
  const bool repeats = length > 0 && std::string_view(message).substr(length).starts_with(": ");
  return repeats ? message.substr(length + 2) : message;
}

}  // namespace

using google::protobuf::Message;

Place Places::add_override(const std::string& path) {
  sources_.push_back({Source::Kind::command_line, "--set " + path, {}});
  return Place{static_cast<int>(sources_.size()) - 1, 0, 0};
}

int Places::add_extended(const Places& extended, const std::string& as_said) {
  const auto first = static_cast<int>(sources_.size());
  for (const Source& source : extended.sources_) {
    sources_.push_back({Source::Kind::extended, source.name, source.as_said.empty() ? as_said : source.as_said});
  }
  return first;
}

Places Places::sources_only() const { return Places(sources_); }

std::size_t Places::rank_of(const std::string& source_name) const {
  const auto found =
      std::find_if(sources_.begin(), sources_.end(), [&](const Source& source) { return source.name == source_name; });
  return static_cast<std::size_t>(found - sources_.begin());
}

void Places::set(const Message& message, Place place) { set(message, 0, 0, place); }

void Places::set(const Message& message, int field_number, int index, Place place) {
  places_[{&message, field_number, index}] = place;
}

void Places::forget(const Message& message, int field_number) {
  places_.erase(places_.lower_bound({&message, field_number, 0}), places_.lower_bound({&message, field_number + 1, 0}));
}

void Places::forget(const Message& message) {
  std::erase_if(places_, [&message](const auto& known) { return std::get<0>(known.first) == &message; });
}

const Place* Places::find(const Message& message, int field_number, int index) const {
  const auto found = places_.find({&message, field_number, index});
  return found == places_.end() ? nullptr : &found->second;
}

Place Places::nearest(const Message& message, int field_number, int index) const {
  if (const Place* own = find(message, field_number, index)) return *own;
  if (const Place* first = find(message, field_number, 0)) return *first;
  if (const Place* outer = find(message, 0, 0)) return *outer;
  return {};
}

void Places::take_over(const Places& others, const Message& from, const Message& to,
                       const std::vector<const google::protobuf::FieldDescriptor*>& fields) {
  for (const auto* field : fields) forget(to, field->number());
  const int source = static_cast<int>(sources_.size());
  sources_.push_back({Source::Kind::trial, others.sources_.front().name, {}});
  for (const auto& [key, place] : others.places_) {
    const auto& [message, number, index] = key;
    if (message == &from && number == 0) continue;  // the whole: only its fields have moved
    places_[{message == &from ? &to : message, number, index}] = {source, place.line, place.column};
  }
}

Problem Places::problem(Place place, std::string message) const {
  const Source& source = source_of(place);
  if (source.kind == Source::Kind::command_line) message = without_path(std::move(message), source.name);
  return {source.name, place.line, place.column, std::move(message)};
}

}  // namespace parallax::scenarios
