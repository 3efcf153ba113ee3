// What whoever hands artifacts out says when it is asked, in HTTP's words.
#pragma once

#include <cstdint>
#include <vector>

#include "models/domain/ids.h"
#include "models/logic/gateway/facts.h"
#include "sim/record.h"

namespace parallax::propagation::artifacts {

/// What a source holds of one API, and since when.
struct Artifact {
  domain::ApiId api{domain::kNoApi};
  logic::gateway::ApiFacts facts;
  sim::RecordId put;  ///< by which it came there
  sim::VirtualTime since;
};

enum class Status : std::uint16_t { kNoAnswer = 0, kOk = 200, kNotFound = 404, kServerError = 500 };

struct Answer {
  Status status{Status::kNoAnswer};
  std::vector<Artifact> artifacts{};  ///< by API; of an answer other than kOk none
};

class ArtifactSource {
 public:
  virtual ~ArtifactSource() = default;

  /// At its site, as of now: of one API, or with kNoApi of all that it has. A source whose database is behind says what
  /// that has: the old revision with kOk, or kNotFound for an API that is new.
  virtual Answer answer(domain::ApiId api) = 0;
};

}  // namespace parallax::propagation::artifacts
