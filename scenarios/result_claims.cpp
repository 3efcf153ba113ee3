#include "scenarios/result_claims.h"

#include <string>
#include <string_view>

#include "scenarios/claims/claims.h"

namespace parallax::scenarios {
namespace {

bool is_of_scenario(const schema::Evidence& evidence, std::string_view name) {
  const std::string_view path = evidence.scenario();
  return !path.empty() && path.substr(path.rfind('/') + 1) == name;
}

bool is_expectation(const schema::Evidence& evidence, const schema::Expectation& expectation) {
  const char* const side = expectation.at_most().empty() ? "/at_least" : "/at_most";
  return evidence.expectation() == expectation.metric() + side;
}

// The expectations that assert the verdict here are left to the caller.
schema::JudgedClaim judged(const schema::SeedText& text, const schema::Claim& claim) {
  schema::JudgedClaim out;
  out.set_id(claim.id());
  out.set_text(text.file());
  *out.mutable_paragraphs() = claim.paragraphs();
  out.set_says(claim.says());
  out.set_verdict(std::string{to_string(claim.verdict())});
  out.set_because(claim.because());
  return out;
}

void add_claim(const schema::SeedText& text, const schema::Claim& claim, schema::Result& result) {
  schema::JudgedClaim seen = judged(text, claim);
  for (const schema::Evidence& evidence : claim.evidence()) {
    if (!is_of_scenario(evidence, result.scenario())) continue;
    for (int i = 0; i < result.config().expectations_size(); ++i) {
      if (!is_expectation(evidence, result.config().expectations(i))) continue;
      seen.add_expectations(static_cast<std::uint32_t>(i));
    }
  }
  if (!seen.expectations().empty()) *result.add_claims() = seen;
}

}  // namespace

void add_claims(schema::Result& result) {
  const schema::Claims claims = library_claims();
  for (const schema::SeedText& text : claims.texts()) {
    for (const schema::Claim& claim : text.claims()) add_claim(text, claim, result);
  }
}

}  // namespace parallax::scenarios
