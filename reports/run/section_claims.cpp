// What others have written of such deployments, our verdicts, and what the expectations that assert them came to here.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "reports/escape.h"
#include "reports/findings.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

// "Customers locked out: typically 2 min 09 s, at most 3 min"; what cannot be said so in the words of the verdict.
std::string found_words(const Row& row, const schema::ExpectationOutcome& outcome) {
  if (!row.typical || !row.target) return escaped(outcome.text());
  const auto words = [&](double value, Length length) { return value_words(value, row.words.measure, length); };
  return fmt::format("{}{}: typically {}{}, {} {}", outcome.verdict() == "pass" ? "" : spaced(outcome.verdict()) + ": ",
                     escaped(row.words.title), row.typical_open ? "≥\u00A0" : "",
                     words(*row.typical, Length::kMeasured), row.limit == Row::Limit::kAtLeast ? "at least" : "at most",
                     words(*row.target, Length::kChosen));
}

std::string asserted_words(const schema::Result& result, const std::vector<Row>& rows,
                           const schema::JudgedClaim& claim) {
  std::string out;
  for (const std::uint32_t number : claim.expectations()) {
    if (number >= static_cast<std::uint32_t>(result.expectations_size())) continue;
    out += (out.empty() ? "" : "<br>") + found_words(rows[number], result.expectations(static_cast<int>(number)));
  }
  return out.empty() ? missing("not judged") : out;
}

std::string place_words(const schema::JudgedClaim& claim) {
  std::vector<std::string> numbers;
  for (const std::uint32_t number : claim.paragraphs()) numbers.push_back(fmt::to_string(number));
  return fmt::format("{}, paragraph {}", claim.text(), joined(numbers));
}

}  // namespace

std::string claims_section(const schema::Result& result) {
  if (result.claims().empty()) return "";
  const std::vector<Row> rows = rows_of(result);
  Table table("Claims and verdicts", {{"Claim"}, {"Verdict"}, {"Because"}, {"Target, and what was found"}}, "claims");
  for (const schema::JudgedClaim& claim : result.claims()) {
    table.row({two_lines(escaped(claim.says()), escaped(place_words(claim))),
               two_lines(escaped(capitalised(claim.verdict())), escaped(claim.id())), escaped(claim.because()),
               asserted_words(result, rows, claim)});
  }
  return section(fmt::format("{} about such a deployment",
                             capitalised(counted(static_cast<std::uint64_t>(result.claims_size()), "claim", "claims"))),
                 "What others have written, in our words, and our verdict; targets of this scenario assert it.",
                 table.html());
}

}  // namespace parallax::reports
