#include "cli/claims_command.h"

#include "cli/standard_output.h"
#include "reports/claims.h"
#include "scenarios/claims/claims.h"

namespace parallax::cli {

ExitCode describe_claims(const ClaimsArguments& arguments) {
  const schema::Claims claims = scenarios::library_claims();
  const bool is_markdown = arguments.as == ClaimsArguments::As::markdown;
  write_standard_output(is_markdown ? reports::claims_markdown(claims) : reports::claims_text(claims));
  return ExitCode::pass;
}

}  // namespace parallax::cli
