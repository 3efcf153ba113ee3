#include "reports/suite/suite_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/plain_text.h"
#include "reports/suite/suite_words.h"
#include "reports/utf8.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

using scenarios::suite::Row;

std::string told(std::string_view finding) { return wrapped(fmt::format("  {}", safe(plain(finding))), 4); }

std::string details_of(const Row& row) {
  const std::string_view state = to_string(row.state);
  std::string out{"\n"};
  out += wrapped(safe(fmt::format("{}: {} {}", state, row.scenario, plain(state_sentence(row)))), 2);
  if (!row.sentence.empty() && row.verdict() != "pass") out += told(row.sentence);
  for (const std::string& finding : row_findings(row)) out += told(finding);
  // Commands stay on one line each, to be copied.
  for (const auto& [purpose, command] : row_commands(row)) out += fmt::format("  {}: {}\n", purpose, safe(command));
  return out;
}

}  // namespace

std::string suite_line(const Row& row, std::size_t name_width) {
  const std::string name = safe(row.scenario);
  const std::size_t width = code_points(name);
  const std::string fingerprint = row.now ? "  " + safe(row.now->fingerprint()) : "";
  return fmt::format("{:<12}  {:<12}  {}{}{}\n", row.verdict(), to_string(row.state), name,
                     row.now ? std::string(name_width > width ? name_width - width : 0, ' ') : "", fingerprint);
}

std::string suite_text(const scenarios::suite::Suite& suite) {
  std::size_t width = 0;
  for (const Row& row : suite.rows) width = std::max(width, code_points(safe(row.scenario)));
  std::string out;
  for (const Row& row : suite.rows) out += suite_line(row, width);
  return out + suite_details(suite);
}

std::string suite_details(const scenarios::suite::Suite& suite) {
  std::string out;
  for (const Row* row : in_order(suite)) {
    if (needs_a_look(*row)) out += details_of(*row);
  }
  return out + fmt::format("\n{}", wrapped(plain(suite_headline(suite)), 2));
}

}  // namespace parallax::reports
