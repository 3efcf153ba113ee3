#include "reports/suite/suite_markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/suite/suite_words.h"
#include "reports/utf8.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

using scenarios::suite::Row;
using scenarios::suite::Suite;

constexpr std::size_t kRowsMost = 22;     // of the table
constexpr std::size_t kDetailsMost = 7;   // scenarios told in full
constexpr std::size_t kFindingsMost = 2;  // of each
constexpr std::size_t kLineMost = 400;    // code points of user text

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

// Signs that mean nothing to Markdown, HTML or a table's cells in the middle of a line. A low line inside a word is
// none of them by itself, but most names have one.
bool is_plain(std::string_view text, std::size_t i) {
  const char c = text[i];
  if (is_alphanumeric(c) || static_cast<unsigned char>(c) >= 0x80) return true;
  if (c == ':') return i + 1 < text.size() && text[i + 1] == ' ';             // no scheme of an address
  if (c == '.') return i == 0 || (text[i - 1] != 'w' && text[i - 1] != 'W');  // nor "www."
  if (c == '_') return i > 0 && i + 1 < text.size() && is_alphanumeric(text[i - 1]) && is_alphanumeric(text[i + 1]);
  return std::string_view{" ,;/()%=-+?'"}.find(c) != std::string_view::npos;
}

// All other signs as numbers: neither a table nor a code span, a link, a mention or HTML begins or ends with them.
std::string markdown(std::string_view words) {
  const std::string text = one_line(first_code_points(well_formed(words), kLineMost));
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_plain(text, i)) {
      out += text[i];
    } else {
      out += fmt::format("&#{};", static_cast<unsigned char>(text[i]));
    }
  }
  return out;
}

// Nobody is to be mentioned by a name: GitHub looks for "@" after Markdown is done.
std::string prose(std::string_view words) {
  std::string out;
  for (std::string_view rest{words}; !rest.empty();) {
    const std::size_t end = std::min(rest.find('@'), rest.size() - 1) + 1;
    out += rest.substr(0, end);
    if (out.back() == '@') out += "\u200B";
    rest.remove_prefix(end);
  }
  return markdown(out);
}

// As an element, since the signs of a code span could not be escaped within it.
std::string code(std::string_view text) { return fmt::format("<code>{}</code>", markdown(text)); }

// "5 more in the other reports", where not all are shown.
std::string more(std::size_t count, std::string_view what) { return fmt::format("{} more {}\n", count, what); }

std::string table(const std::vector<const Row*>& rows) {
  if (rows.empty()) return "";
  std::string out = "\n| scenario | verdict | since blessed | fingerprint |\n|---|---|---|---|\n";
  const std::size_t shown = std::min(rows.size(), kRowsMost);
  for (const Row* row : std::vector(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(shown))) {
    const bool is_loud = row->verdict() == "fail" || row->verdict() == "error";
    out += fmt::format("| {} | {}{}{} | {} | {} |\n", code(row->scenario), is_loud ? "**" : "", row->verdict(),
                       is_loud ? "**" : "", to_string(row->state),
                       row->now ? code(first_code_points(row->now->fingerprint(), 12)) : "");
  }
  if (shown < rows.size()) out += fmt::format("\n{}", more(rows.size() - shown, "in the other reports"));
  return out;
}

std::string details_of(const Row& row) {
  std::string out = fmt::format("- **{}** {}\n", code(row.scenario), prose(state_sentence(row)));
  const std::vector<std::string> findings = row_findings(row);
  const std::size_t shown = std::min(findings.size(), kFindingsMost);
  for (std::size_t i = 0; i < shown; ++i) {
    const bool is_last = i + 1 == shown && shown < findings.size();
    out += "  - " + prose(findings[i]) + (is_last ? fmt::format(", and {} more", findings.size() - shown) : "") + "\n";
  }
  return out + fmt::format("  - run again: {}\n", code(row.again.empty() ? row.command : row.again));
}

std::string details(const std::vector<const Row*>& rows) {
  std::vector<const Row*> told;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(told),
               [](const Row* row) { return scenarios::suite::needs_a_look(*row); });
  if (told.empty()) return "";
  std::string out = "\n";
  for (std::size_t i = 0; i < told.size() && i < kDetailsMost; ++i) out += details_of(*told[i]);
  return told.size() <= kDetailsMost ? out
                                     : out + fmt::format("- {}", more(told.size() - kDetailsMost, "that need a look"));
}

}  // namespace

std::string suite_markdown(const Suite& suite) {
  const std::vector<const Row*> rows = in_order(suite);
  std::string out = fmt::format("### Parallax: {}\n{}{}", prose(suite_headline(suite)), table(rows), details(rows));
  if (!suite.command.empty()) out += fmt::format("\nAll again: {}\n", code(suite.command));
  return out;
}

}  // namespace parallax::reports
