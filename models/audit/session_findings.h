// What sessions saw that they should not have: the four session guarantees (Terry et al. 1994), each with its smallest
// witness, and fresh tokens against the time since their issue.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "models/domain/change.h"
#include "models/domain/ids.h"
#include "models/domain/outcome.h"
#include "sim/time.h"

namespace parallax::audit {

enum class Guarantee : std::uint8_t { kReadYourWrites, kMonotonicReads, kMonotonicWrites, kWritesFollowReads };

inline constexpr std::array kGuarantees{Guarantee::kReadYourWrites, Guarantee::kMonotonicReads,
                                        Guarantee::kMonotonicWrites, Guarantee::kWritesFollowReads};

/// As in the names of metrics: "read_your_writes".
constexpr std::string_view name_of(Guarantee guarantee) {
  constexpr std::array<std::string_view, kGuarantees.size()> kNames{"read_your_writes", "monotonic_reads",
                                                                    "monotonic_writes", "writes_follow_reads"};
  return kNames[static_cast<std::size_t>(guarantee)];
}

/// One step of a witness. Which fields say anything depends on its kind.
struct SessionOperation {
  enum class Kind : std::uint8_t {
    kWrote,    ///< `node` acknowledged `change` of `object`
    kRead,     ///< `node` decided a call of `token` to `api` with `outcome`, resting on `version` of `object`
    kApplied,  ///< the database of `site` has `version` of `object` from now on
  };
  Kind kind;
  sim::VirtualTime time;
  domain::ObjectRef object;
  domain::Version version;
  domain::NodeId node{};
  domain::SiteId site{};
  domain::ChangeKind change{};
  domain::Outcome outcome{};
  domain::TokenId token{};
  domain::ApiId api{};
};

/// In order of time. A kApplied at the end lacks what the first operation wrote or read.
struct SessionWitness {
  std::optional<domain::TokenId> token;  ///< whose session it is; nothing: all of the application
  domain::ApplicationId application{domain::kNoApplication};
  boost::container::static_vector<SessionOperation, 4> operations;

  sim::Duration span() const { return operations.back().time - operations.front().time; }
};

/// How often a guarantee was broken, and what is asked of it.
struct GuaranteeFinding {
  std::uint64_t broken{0};
  std::uint64_t looked_at{0};  ///< decisions; of writes: one for each database that was to apply something before it
  std::optional<SessionWitness> smallest{};

  /// The smallest has the fewest operations, then the shortest time between them; of equals the first is kept.
  void offer(const SessionWitness& witness) {
    const auto size = [](const SessionWitness& w) { return std::pair{w.operations.size(), w.span()}; };
    if (!smallest || size(witness) < size(*smallest)) smallest = witness;
  }
};

/// Calls with tokens issued in the run, by the time since their issue. Bucket 0: under a millisecond; bucket k: from
/// 2^(k-1) ms on, under 2^k ms; the last is open.
inline constexpr std::size_t kGapBuckets = 23;

constexpr std::int64_t gap_begin_ns(std::size_t bucket) {
  return bucket == 0 ? 0 : sim::milliseconds(std::int64_t{1} << (bucket - 1)).ns;
}

struct GapCount {
  std::uint64_t asked{0};
  std::uint64_t refused{0};  ///< the gateway did not know the token
};

enum class Used : std::uint8_t { kWhereIssued, kElsewhere };
inline constexpr std::size_t kUses = 2;

struct SessionsFinding {
  std::array<GuaranteeFinding, kGuarantees.size()> guarantees{};  ///< by Guarantee
  std::array<std::array<GapCount, kGapBuckets>, kUses> gaps{};    ///< by Used
  bool has_replicas{false};                                       ///< else the last two guarantees say nothing

  GuaranteeFinding& of(Guarantee guarantee) { return guarantees[static_cast<std::size_t>(guarantee)]; }
  const GuaranteeFinding& of(Guarantee guarantee) const { return guarantees[static_cast<std::size_t>(guarantee)]; }
};

}  // namespace parallax::audit
