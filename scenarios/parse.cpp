#include "scenarios/parse.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "scenarios/fields.h"
#include "scenarios/source_walk.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

// The schema nests eight deep; more is junk that would only use up the stack.
constexpr int kNestingMax = 50;

constexpr std::string_view kFormat = "expected a scenario in Protobuf text format, e.g. name: \"...\" sites { ... }";

class Complaints : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    list.push_back({Complaint::Kind::error, line, column, message});
  }
  /// With AllowUnknownField the parser goes on behind what it does not know, and only warns of it.
  void AddWarning(int line, int column, const std::string& message) override {
    list.push_back({Complaint::Kind::unknown_field, line, column, message});
  }

  std::vector<Complaint> list;
};

std::string unknown_field(const Context& context) {
  const std::string what = fmt::format("unknown field {}", quoted(context.field_name));
  if (context.type == nullptr) return what;
  return fmt::format("{} in {}{}", what, context.type->name(),
                     suggestion(context.field_name, "fields", field_names(*context.type)));
}

bool is_about_value(const std::string& message) {
  constexpr std::array kBeginnings{"Expected string", "Expected integer", "Expected double", "Expected \"{\"",
                                   "Invalid value",   "Integer out of",   "Expect a decimal"};
  return std::any_of(kBeginnings.begin(), kBeginnings.end(),
                     [&message](const char* beginning) { return message.starts_with(beginning); });
}

/// The parser's own words, as we would write them: `expected "}", found the end of the file`.
std::string reworded(std::string message) {
  for (const std::string_view got : {", got: ", ", found "}) {
    const std::size_t at = message.find(got);
    if (at == std::string::npos) continue;
    const std::string found = message.substr(at + got.size());
    const bool nothing = found.empty() || found == "\"\".";
    message = message.substr(0, at) + ", found " + (nothing ? "the end of the file" : found);
    break;
  }
  if (message.ends_with('.')) message.pop_back();
  if (!message.empty()) message[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(message[0])));
  return message;
}

/// A complaint as we say it, at the token that it is about.
struct Explanation {
  Spot spot;
  std::string message;
};

Explanation syntax_error(const Complaint& complaint, const Context& context) {
  if (complaint.message.starts_with("Non-repeated field")) {
    return {context.field_spot, fmt::format("{} is given twice; expected it once", quoted(context.field_name))};
  }
  if (context.field == nullptr || !is_about_value(complaint.message)) {
    return {context.spot, reworded(complaint.message)};
  }
  // The parser has read a word in the place of true or false before it objects to it.
  const bool behind = complaint.message.starts_with("Invalid value");
  const std::string& found = behind ? context.before : context.found;
  return {behind ? context.before_spot : context.spot,
          fmt::format("{}: found {}; expected {}", context.field_name,
                      found.empty() ? "the end of the file" : quoted(found), expected_value(*context.field))};
}

void explain(std::span<const Complaint> complaints, std::span<const Context> contexts, const Places& places,
             std::vector<Problem>& problems) {
  for (std::size_t i = 0; i < complaints.size(); ++i) {
    const bool unknown = complaints[i].kind == Complaint::Kind::unknown_field;
    const auto [spot, message] = unknown ? Explanation{contexts[i].field_spot, unknown_field(contexts[i])}
                                         : syntax_error(complaints[i], contexts[i]);
    problems.push_back(places.problem({0, spot.line, spot.column}, message));
  }
}

/// Text that no scenario can be, told by its bytes. Returns whether there was anything to object to.
bool refuse_bytes(std::string_view text, std::string_view expected, const Places& places,
                  std::vector<Problem>& problems) {
  const auto refuse = [&](std::size_t at, const std::string& what) {
    const Spot spot = spot_of_byte(text, at);
    const std::string message = fmt::format("{}; {}", what, expected);
    problems.push_back(places.problem({0, spot.line, spot.column}, message));
    return true;
  };
  const bool blank = std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
  if (blank) return refuse(0, "found an empty file");
  const auto control = std::find_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && !(c >= '\t' && c <= '\r')) || c == 0x7F;
  });
  const std::size_t at = std::min(static_cast<std::size_t>(control - text.begin()), find_invalid_utf8(text));
  if (at >= text.size()) return false;
  return refuse(at, fmt::format("found the byte 0x{:02x}, which is no text", static_cast<unsigned char>(text[at])));
}

}  // namespace

Draft parse_text(const std::string& file_name, std::string_view text) {
  Draft draft(file_name);
  draft.extent = parse_message(text, kFormat, *draft.scenario, draft.places, draft.problems);
  return draft;
}

Draft::Extent parse_message(std::string_view text, std::string_view expected, google::protobuf::Message& into,
                            Places& places, std::vector<Problem>& problems) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (refuse_bytes(text, expected, places, problems)) return Draft::Extent::until_syntax_error;

  google::protobuf::TextFormat::Parser parser;
  Complaints complaints;
  parser.RecordErrorsTo(&complaints);
  parser.AllowUnknownField(true);
  parser.SetRecursionLimit(kNestingMax);
  google::protobuf::io::ArrayInputStream stream(text.data(), static_cast<int>(text.size()));
  const bool parsed = parser.Parse(&stream, &into);

  const ParseEnd end = parsed ? ParseEnd::end_of_text : ParseEnd::last_complaint;
  explain(complaints.list, walk_source(text, into, complaints.list, end, places), places, problems);
  return parsed ? Draft::Extent::whole : Draft::Extent::until_syntax_error;
}

}  // namespace parallax::scenarios
