#include "models/logic/jwt/object_reader.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>

namespace parallax::logic::jwt {

namespace {

using boost::json::error_code;

// The handler of boost::json::basic_parser. Depth 1 is inside the object whose members are read, depth 2 inside the
// value of one of them.
class Handler {
 public:
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

  Handler(std::span<const std::string_view> names, Workspace& workspace, Members& members)
      : names_{names}, workspace_{workspace}, members_{members} {}

  ObjectFlaw flaw() const { return flaw_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code&) { return on_other(), enter(); }
  bool on_object_end(std::size_t, error_code&) { return leave(); }

  bool on_array_begin(error_code& ec) {
    if (depth_ == 0) return refuse(ObjectFlaw::kNotAnObject, ec);
    if (depth_ == 1) {
      set(Member::Kind::kTexts, {});
      start_ = workspace_.texts_used();
    } else {
      on_other();
    }
    return enter();
  }
  bool on_array_end(std::size_t, error_code&) {
    leave();
    if (depth_ == 1 && is_wanted(Member::Kind::kTexts)) member_->text = workspace_.kept_since(start_);
    return true;
  }

  bool on_key_part(boost::json::string_view part, std::size_t, error_code&) { return add_to_name(part); }
  bool on_key(boost::json::string_view part, std::size_t, error_code& ec) {
    add_to_name(part);
    const std::string_view name{name_.data(), std::min(name_bytes_, name_.size())};
    const bool fits = name_bytes_ <= name_.size();
    name_bytes_ = 0;
    if (depth_ != 1) return true;
    const auto found = fits && !name.empty() ? std::find(names_.begin(), names_.end(), name) : names_.end();
    member_ = found == names_.end() ? nullptr : &members_[static_cast<std::size_t>(found - names_.begin())];
    if (member_ != nullptr && member_->kind != Member::Kind::kAbsent) return refuse(ObjectFlaw::kDuplicate, ec);
    return true;
  }

  bool on_string_part(boost::json::string_view part, std::size_t size, error_code& ec) {
    if (!keeps_strings()) return told();
    if (size == part.size() && depth_ == 1) start_ = workspace_.texts_used();
    return keep(part, ec);
  }
  bool on_string(boost::json::string_view part, std::size_t size, error_code& ec) {
    if (depth_ == 0) return refuse(ObjectFlaw::kNotAnObject, ec);
    if (!keeps_strings()) return told();
    if (!on_string_part(part, size, ec)) return false;
    if (depth_ == 1) return set(Member::Kind::kText, workspace_.kept_since(start_));
    return workspace_.keep({"\0", 1}) || refuse(ObjectFlaw::kNotAnObject, ec);
  }

  bool on_number_part(boost::json::string_view, error_code&) { return told(); }
  bool on_int64(std::int64_t, boost::json::string_view text, error_code& ec) { return on_number(text, ec); }
  bool on_uint64(std::uint64_t, boost::json::string_view text, error_code& ec) { return on_number(text, ec); }
  bool on_double(double, boost::json::string_view text, error_code& ec) { return on_number(text, ec); }
  bool on_bool(bool, error_code& ec) { return on_scalar(ec); }
  bool on_null(error_code& ec) { return on_scalar(ec); }
  bool on_comment_part(boost::json::string_view, error_code&) { return told(); }
  bool on_comment(boost::json::string_view, error_code&) { return told(); }

 private:
  bool told() { return workspace_.count(1), true; }
  bool enter() { return ++depth_, told(); }
  bool leave() { return --depth_, told(); }

  bool refuse(ObjectFlaw flaw, error_code& ec) {
    flaw_ = flaw;
    ec = make_error_code(boost::json::error::syntax);
    return false;
  }

  bool is_wanted(Member::Kind kind) const { return member_ != nullptr && member_->kind == kind; }
  bool keeps_strings() const {
    return member_ != nullptr && (depth_ == 1 || (depth_ == 2 && is_wanted(Member::Kind::kTexts)));
  }

  bool set(Member::Kind kind, std::string_view text) {
    if (member_ != nullptr) *member_ = {kind, text};
    return told();
  }

  // Whatever is neither a string nor, directly behind a name, a number or an array.
  void on_other() {
    if (depth_ == 1 || (depth_ == 2 && is_wanted(Member::Kind::kTexts))) set(Member::Kind::kOther, {});
  }

  bool on_scalar(error_code& ec) {
    if (depth_ == 0) return refuse(ObjectFlaw::kNotAnObject, ec);
    return on_other(), told();
  }

  bool on_number(std::string_view text, error_code& ec) {
    if (depth_ == 1) return set(Member::Kind::kNumber, text);
    return on_scalar(ec);
  }

  bool keep(std::string_view part, error_code& ec) {
    if (part.find('\0') != std::string_view::npos) return refuse(ObjectFlaw::kNul, ec);
    return (workspace_.keep(part) && told()) || refuse(ObjectFlaw::kNotAnObject, ec);
  }

  // What does not fit is nobody's name; only its length goes on being counted.
  bool add_to_name(std::string_view part) {
    const std::size_t room = name_.size() - std::min(name_bytes_, name_.size());
    const std::string_view fits = part.substr(0, room);
    std::copy(fits.begin(), fits.end(), name_.end() - static_cast<std::ptrdiff_t>(room));
    name_bytes_ += part.size();
    workspace_.count(fits.size());
    return told();
  }

  std::span<const std::string_view> names_;
  Workspace& workspace_;
  Members& members_;
  Member* member_{nullptr};  ///< whose value is being read; null: nobody asked for it
  std::size_t depth_{0};
  std::size_t start_{0};  ///< of the text, or of the array's texts, that is being kept
  std::array<char, kMaxNameBytes> name_;
  std::size_t name_bytes_{0};
  ObjectFlaw flaw_{ObjectFlaw::kNotAnObject};
};

}  // namespace

std::optional<ObjectFlaw> read_object(std::string_view json, std::span<const std::string_view> names,
                                      Workspace& workspace, Members& members) {
  members = {};
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::basic_parser<Handler> parser{options, names, workspace, members};
  error_code ec;
  const std::size_t read = parser.write_some(false, json.data(), json.size(), ec);
  if (ec || read != json.size()) return parser.handler().flaw();
  return std::nullopt;
}

}  // namespace parallax::logic::jwt
