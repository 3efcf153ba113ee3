// Issuing on a table that answers at once: the steps back to back.
#pragma once

#include "models/logic/tokens/issuance.h"

namespace parallax::logic::tokens {

/// What the table does with one step, and the step that follows. Returns Issued and Refused as they are.
Step advance(Issuance& issuance, const Step& step, TokenTable& table, sim::VirtualTime now);

/// From begin() to Issued or Refused.
Step issue_now(Issuance& issuance, TokenTable& table, sim::VirtualTime now);

}  // namespace parallax::logic::tokens
