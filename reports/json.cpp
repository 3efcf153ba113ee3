#include "reports/json.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <stdexcept>
#include <string_view>

#include "reports/utf8.h"

namespace parallax::reports {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

enum class Layout { kLine, kPretty };

// The double of a JavaScript reader holds every integer up to here.
constexpr std::uint64_t kExact = std::uint64_t{1} << 53;

std::string integer(std::uint64_t value) {
  return value < kExact ? fmt::to_string(value) : fmt::format("\"{}\"", value);
}

std::string integer(std::int64_t value) {
  const bool exact = value < static_cast<std::int64_t>(kExact) && value > -static_cast<std::int64_t>(kExact);
  return exact ? fmt::to_string(value) : fmt::format("\"{}\"", value);
}

template <typename Real>
std::string real(Real value) {
  if (!std::isfinite(value)) return "null";
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

// A field of one message: the field itself, or one element of a list.
class Value {
 public:
  Value(const Message& message, const FieldDescriptor& field, int element)
      : message_(message), reflection_(*message.GetReflection()), field_(field), element_(element) {}

  const Message& message() const { return get(&Reflection::GetMessage, &Reflection::GetRepeatedMessage); }

  std::string scalar() const {
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        return get(&Reflection::GetBool, &Reflection::GetRepeatedBool) ? "true" : "false";
      case FieldDescriptor::CPPTYPE_INT32:
        return fmt::to_string(get(&Reflection::GetInt32, &Reflection::GetRepeatedInt32));
      case FieldDescriptor::CPPTYPE_UINT32:
        return fmt::to_string(get(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32));
      case FieldDescriptor::CPPTYPE_INT64:
        return integer(std::int64_t{get(&Reflection::GetInt64, &Reflection::GetRepeatedInt64)});
      case FieldDescriptor::CPPTYPE_UINT64:
        return integer(std::uint64_t{get(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64)});
      case FieldDescriptor::CPPTYPE_FLOAT:
        return real(get(&Reflection::GetFloat, &Reflection::GetRepeatedFloat));
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return real(get(&Reflection::GetDouble, &Reflection::GetRepeatedDouble));
      case FieldDescriptor::CPPTYPE_ENUM:
        return json_string(get(&Reflection::GetEnum, &Reflection::GetRepeatedEnum)->name());
      case FieldDescriptor::CPPTYPE_STRING:
        return json_string(text());
      case FieldDescriptor::CPPTYPE_MESSAGE:
        break;
    }
    throw std::logic_error("not a scalar: " + field_.full_name());
  }

 private:
  // Two overloads, since GetMessage has a defaulted parameter that GetRepeatedMessage lacks.
  template <typename T, typename One, typename Element>
  T call(One one, Element element) const {
    return element_ < 0 ? (reflection_.*one)(message_, &field_) : (reflection_.*element)(message_, &field_, element_);
  }

  template <typename T>
  T get(T (Reflection::*one)(const Message&, const FieldDescriptor*) const,
        T (Reflection::*element)(const Message&, const FieldDescriptor*, int) const) const {
    return call<T>(one, element);
  }

  const Message& get(const Message& (Reflection::*one)(const Message&, const FieldDescriptor*,
                                                       google::protobuf::MessageFactory*) const,
                     const Message& (Reflection::*element)(const Message&, const FieldDescriptor*, int) const) const {
    return element_ < 0 ? (reflection_.*one)(message_, &field_, nullptr)
                        : (reflection_.*element)(message_, &field_, element_);
  }

  std::string text() const {
    if (field_.type() == FieldDescriptor::TYPE_BYTES) throw std::logic_error("bytes: " + field_.full_name());
    return call<std::string>(&Reflection::GetString, &Reflection::GetRepeatedString);
  }

  const Message& message_;
  const Reflection& reflection_;
  const FieldDescriptor& field_;
  int element_;  // -1: not a list
};

class Writer {
 public:
  explicit Writer(Layout layout) : layout_(layout) {}

  void write(const Message& message) {
    const auto& descriptor = *message.GetDescriptor();
    out_ += '{';
    ++depth_;
    for (int i = 0; i < descriptor.field_count(); ++i) {
      const FieldDescriptor& field = *descriptor.field(i);
      begin_item(i);
      out_ += json_string(field.name()) + (layout_ == Layout::kPretty ? ": " : ":");
      write_field(message, field);
    }
    end_items('}', descriptor.field_count());
  }

  std::string take() { return std::move(out_); }

 private:
  void write_field(const Message& message, const FieldDescriptor& field) {
    if (field.is_map()) throw std::logic_error("map: " + field.full_name());
    if (field.is_repeated()) return write_list(message, field);
    if (field.has_presence() && !message.GetReflection()->HasField(message, &field)) {
      out_ += "null";
      return;
    }
    write_value(Value(message, field, -1), field);
  }

  void write_value(const Value& value, const FieldDescriptor& field) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) return write(value.message());
    out_ += value.scalar();
  }

  void write_list(const Message& message, const FieldDescriptor& field) {
    const int size = message.GetReflection()->FieldSize(message, &field);
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return write_scalars(message, field, size);
    out_ += '[';
    ++depth_;
    for (int i = 0; i < size; ++i) {
      begin_item(i);
      write_value(Value(message, field, i), field);
    }
    end_items(']', size);
  }

  void write_scalars(const Message& message, const FieldDescriptor& field, int size) {
    out_ += '[';
    for (int i = 0; i < size; ++i) {
      if (i > 0) out_ += layout_ == Layout::kPretty ? ", " : ",";
      out_ += Value(message, field, i).scalar();
    }
    out_ += ']';
  }

  void begin_item(int i) {
    if (i > 0) out_ += ',';
    new_line();
  }

  void end_items(char close, int size) {
    --depth_;
    if (size > 0) new_line();
    out_ += close;
  }

  void new_line() {
    if (layout_ == Layout::kPretty) out_.append(1, '\n').append(2 * depth_, ' ');
  }

  Layout layout_;
  std::string out_;
  std::size_t depth_{0};
};

std::string written(const Message& message, Layout layout) {
  Writer writer(layout);
  writer.write(message);
  return writer.take();
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : well_formed(text)) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}

std::string to_json(const Message& message) { return written(message, Layout::kPretty) + '\n'; }
std::string to_json_line(const Message& message) { return written(message, Layout::kLine); }

}  // namespace parallax::reports
