// What whoever hands artifacts out says when it is asked, in HTTP's words.
#pragma once

#include <cstdint>
#include <vector>

#include "models/domain/ids.h"
#include "models/logic/gateway/facts.h"
#include "models/propagation/artifacts/parcel.h"
#include "sim/record.h"

namespace parallax::propagation::artifacts {

/// What a source holds of one API, and since when. Of one that was removed it may hold that: facts with
/// Standing::kAbsent.
struct Artifact {
  domain::ApiId api{domain::kNoApi};
  logic::gateway::ApiFacts facts;
  sim::RecordId put;  ///< by which it came there
  sim::VirtualTime since;
  std::uint64_t number{0};  ///< of what came to the source, in order; of sources that count
};

/// Something to be taken in, by whoever has seen the artifact of that number there.
struct CheckIn {
  Parcel parcel;
  std::uint64_t seen{0};
};

/// For the artifact of one API, or with kNoApi for all that it has; unless there is something to be checked in.
struct Question {
  domain::ApiId api{domain::kNoApi};
  std::vector<CheckIn> check_in{};
};

enum class Status : std::uint16_t { kNoAnswer = 0, kOk = 200, kNotFound = 404, kConflict = 409, kServerError = 500 };

struct Answer {
  Status status{Status::kNoAnswer};
  std::vector<Artifact> artifacts{};  ///< by API; of an answer other than kOk none
};

class ArtifactSource {
 public:
  virtual ~ArtifactSource() = default;

  /// At its site, as of now; asked for one API that was removed, kNotFound. A source whose database is behind says what
  /// that has: the old revision with kOk, or kNotFound for an API that is new.
  virtual Answer answer(const Question& question) = 0;
};

}  // namespace parallax::propagation::artifacts
