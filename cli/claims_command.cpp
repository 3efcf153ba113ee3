#include "cli/claims_command.h"

#include "cli/standard_output.h"
#include "reports/claims.h"
#include "scenarios/claims/claims.h"

namespace parallax::cli {

ExitCode describe_claims(ClaimsAs as) {
  const schema::Claims claims = scenarios::library_claims();
  write_standard_output(as == ClaimsAs::kMarkdown ? reports::claims_markdown(claims) : reports::claims_text(claims));
  return ExitCode::pass;
}

}  // namespace parallax::cli
