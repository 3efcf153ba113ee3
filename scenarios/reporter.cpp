#include "scenarios/reporter.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <utility>

namespace parallax::scenarios {

using google::protobuf::Message;

void Reporter::report(const Message& message, const char* field, std::string text, int index) {
  const int number = message.GetDescriptor()->FindFieldByName(field)->number();
  problems_.push_back(places_.problem(places_.nearest(message, number, index), std::move(text)));
}

void Reporter::report(const Message& message, std::string text) {
  problems_.push_back(places_.problem(places_.nearest(message, 0, 0), std::move(text)));
}

std::string Reporter::line_note(const Message& message, int field_number, int index) const {
  const Place* place = places_.find(message, field_number, index);
  if (place == nullptr) return {};
  const Source& source = places_.source_of(*place);
  if (source.kind == Source::Kind::command_line) return {};
  return source.kind == Source::Kind::scenario ? fmt::format(" (line {})", place->line)
                                               : fmt::format(" ({}:{})", source.name, place->line);
}

}  // namespace parallax::scenarios
