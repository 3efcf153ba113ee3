#include "scenarios/result_claims.h"

#include <algorithm>

#include "scenarios/claims/claims.h"

namespace parallax::scenarios {
namespace {

// Those that expectations name, each once; ids that nobody knows are none (check_expectations.cpp).
schema::JudgedClaim* claim_in(schema::Result& result, const schema::Claims& claims, const std::string& id) {
  auto& all = *result.mutable_claims();
  const auto known =
      std::find_if(all.begin(), all.end(), [&](const schema::JudgedClaim& claim) { return claim.id() == id; });
  if (known != all.end()) return &*known;
  const auto found = find_claim(claims, id);
  if (!found) return nullptr;
  schema::JudgedClaim& claim = *all.Add();
  claim.set_id(id);
  claim.set_text(found->text->file());
  *claim.mutable_paragraphs() = found->claim->paragraphs();
  claim.set_says(found->claim->says());
  claim.set_verdict(std::string{to_string(found->claim->verdict())});
  claim.set_because(found->claim->because());
  return &claim;
}

}  // namespace

void add_claims(schema::Result& result) {
  const schema::Claims claims = library_claims();
  for (int i = 0; i < result.config().expectations_size(); ++i) {
    for (const std::string& id : result.config().expectations(i).claims()) {
      if (auto* claim = claim_in(result, claims, id)) claim->add_expectations(static_cast<std::uint32_t>(i));
    }
  }
}

}  // namespace parallax::scenarios
