#include "scenarios/source_walk.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <map>

#include "scenarios/fields.h"

namespace parallax::scenarios {
namespace {

using google::protobuf::io::Tokenizer;

/// The parser has reported everything already.
class Silence : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int, int, const std::string&) override {}
};

/// A block "{ ... }" or a list "[ ... ]" that is open.
struct Frame {
  const Message* message;  ///< nullptr inside what the schema does not know
  enum class Kind { block, list } kind;
  std::map<int, int> seen{};  ///< values so far, by field number
};

enum class Expecting { name, extension_end, colon, value };

class Walk {
 public:
  Walk(const Message& root, Places& places) : places_{places}, frames_{{&root, Frame::Kind::block}} {}

  void take(const Tokenizer::Token& token, Spot spot) {
    const std::string& text = token.text;
    last_ = text;
    last_spot_ = spot;
    const bool opens = text == "{" || text == "<";
    switch (expecting_) {
      case Expecting::name:
        return frames_.back().kind == Frame::Kind::list ? take_element(token, spot) : take_name(token, spot);
      case Expecting::extension_end:
        if (text == "]") expecting_ = Expecting::colon;
        return;
      case Expecting::colon:
        if (text == ":") expecting_ = Expecting::value;
        if (opens) open_block(field_spot_);
        if (text == "[") open_list();
        return;
      case Expecting::value:
        if (opens) return open_block(field_spot_);
        if (text == "[") return open_list();
        if (text == "-") return;
        record(field_spot_);
        expecting_ = Expecting::name;
    }
  }

  Context context(Spot spot, const std::string& found) const {
    const Message* message = frames_.back().message;
    return {spot,   found,       last_spot_, last_, message == nullptr ? nullptr : message->GetDescriptor(),
            field_, field_name_, field_spot_};
  }

 private:
  void take_name(const Tokenizer::Token& token, Spot spot) {
    if (token.text == "}" || token.text == ">") return close();
    const bool separates = token.text == "," || token.text == ";";
    const bool continues_text = token.type == Tokenizer::TYPE_STRING;  // "a" "b" is one value
    if (separates || continues_text) return;
    const Message* message = frames_.back().message;
    field_ = message == nullptr ? nullptr : message->GetDescriptor()->FindFieldByName(token.text);
    field_name_ = token.text;
    field_spot_ = spot;
    expecting_ = token.text == "[" ? Expecting::extension_end : Expecting::colon;
  }

  void take_element(const Tokenizer::Token& token, Spot spot) {
    if (token.text == "]") return close();
    if (token.text == "{" || token.text == "<") return open_block(spot);
    if (token.text == "[") return open_list();
    const bool continues_text = token.type == Tokenizer::TYPE_STRING && in_text_;
    in_text_ = token.type == Tokenizer::TYPE_STRING;
    if (token.text != "," && token.text != "-" && !continues_text) record(spot);
  }

  /// The message whose field is being filled: inside a list that of the block around it.
  Frame& owner() {
    std::size_t at = frames_.size() - 1;
    while (frames_[at].kind == Frame::Kind::list) --at;
    return frames_[at];
  }

  /// Notes the place of the next value of the current field. Returns the message that the value is, if it is one.
  const Message* record(Spot spot) {
    Frame& frame = owner();
    if (frame.message == nullptr || field_ == nullptr) return nullptr;
    const int index = frame.seen[field_->number()]++;
    if (!field_->is_repeated() && index > 0) return nullptr;
    const Place place{0, spot.line, spot.column};
    places_.set(*frame.message, field_->number(), index, place);
    if (field_->message_type() == nullptr || index >= value_count(*frame.message, *field_)) return nullptr;
    const Message& value = child(*frame.message, *field_, index);
    places_.set(value, place);
    return &value;
  }

  void open_block(Spot spot) {
    frames_.push_back({record(spot), Frame::Kind::block});
    fields_.push_back(field_);
    field_ = nullptr;
    expecting_ = Expecting::name;
  }

  void open_list() {
    frames_.push_back({nullptr, Frame::Kind::list});
    fields_.push_back(field_);
    in_text_ = false;
    expecting_ = Expecting::name;
  }

  void close() {
    if (frames_.size() == 1) return;
    frames_.pop_back();
    field_ = fields_.back();
    fields_.pop_back();
  }

  Places& places_;
  std::vector<Frame> frames_;
  std::vector<const FieldDescriptor*> fields_{};  ///< those whose values the open frames are
  Expecting expecting_{Expecting::name};
  bool in_text_{false};
  std::string last_{};
  Spot last_spot_{};
  const FieldDescriptor* field_{nullptr};
  std::string field_name_{};
  Spot field_spot_{};
};

}  // namespace

std::vector<Context> walk_source(std::string_view text, const Message& root, std::span<const Complaint> complaints,
                                 ParseEnd end, Places& places) {
  google::protobuf::io::ArrayInputStream stream(text.data(), static_cast<int>(text.size()));
  Silence silence;
  Tokenizer tokenizer(&stream, &silence);  // with the settings of TextFormat::Parser
  tokenizer.set_allow_f_after_float(true);
  tokenizer.set_comment_style(Tokenizer::SH_COMMENT_STYLE);
  tokenizer.set_require_space_after_number(false);
  tokenizer.set_allow_multiline_strings(true);

  TextCursor cursor(text);
  Walk walk(root, places);
  std::vector<Context> contexts;
  bool more = true;
  while (more) {
    more = tokenizer.Next();
    const Tokenizer::Token& token = tokenizer.current();
    while (contexts.size() < complaints.size()) {
      const Complaint& next = complaints[contexts.size()];
      // A complaint of the tokenizer may lie inside a token, before the next one.
      const bool reached = next.line < token.line || (next.line == token.line && next.column <= token.column);
      if (!reached && more) break;
      contexts.push_back(walk.context(cursor.locate(next.line, next.column), token.text));
    }
    if (end == ParseEnd::last_complaint && contexts.size() == complaints.size()) break;
    if (more) walk.take(token, cursor.locate(token.line, token.column));
  }
  return contexts;
}

}  // namespace parallax::scenarios
