// What others have written of such deployments, our verdicts, and what the expectations that assert them came to here.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "reports/escape.h"
#include "reports/page.h"
#include "reports/run/sections.h"
#include "reports/table.h"
#include "reports/words.h"

namespace parallax::reports {
namespace {

std::string asserted_words(const schema::Result& result, const schema::JudgedClaim& claim) {
  std::string out;
  for (const std::uint32_t number : claim.expectations()) {
    if (number >= static_cast<std::uint32_t>(result.expectations_size())) continue;
    const schema::ExpectationOutcome& outcome = result.expectations(static_cast<int>(number));
    out += (out.empty() ? "" : "<br>") + fmt::format("{}: {}", escaped(outcome.verdict()), escaped(outcome.text()));
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
  Table table("Claims and verdicts", {{"Claim"}, {"Verdict"}, {"Because"}, {"In these runs"}}, "claims");
  for (const schema::JudgedClaim& claim : result.claims()) {
    table.row({two_lines(escaped(claim.says()), escaped(place_words(claim))),
               two_lines(escaped(capitalised(claim.verdict())), escaped(claim.id())), escaped(claim.because()),
               asserted_words(result, claim)});
  }
  return section(fmt::format("{} about such a deployment",
                             capitalised(counted(static_cast<std::uint64_t>(result.claims_size()), "claim", "claims"))),
                 "What others have written, in our words, and our verdict; targets of this scenario assert it.",
                 table.html());
}

}  // namespace parallax::reports
