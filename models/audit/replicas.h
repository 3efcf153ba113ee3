// What became of rows on their way between replicas: conflicts by what came of them, streams that stood still, rows
// that differ.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "models/audit/findings.h"
#include "models/audit/setup.h"
#include "models/domain/journal.h"
#include "sim/record.h"

namespace parallax::audit {

class Replicas {
 public:
  explicit Replicas(const Setup& setup);

  void row_changed(const sim::Record& record);
  void conflict(const sim::Record& record);
  void stream_changed(const sim::Record& record);
  void abandoned(const domain::ChangeAbandoned& change);

  void finish(sim::VirtualTime end, Findings& findings);

 private:
  /// A row of one replica: how many more of it there are than at the start, and its version; 0: not there, or as it
  /// was.
  struct State {
    std::int32_t added{0};
    domain::Version version;
    friend bool operator==(const State&, const State&) = default;
  };
  struct Row {
    std::vector<State> states;  ///< by replica of the group
    bool differs{false};
  };
  struct RowKey {
    std::uint32_t group;
    std::uint32_t table;
    std::uint64_t row;
    friend bool operator==(const RowKey&, const RowKey&) = default;
    friend std::size_t hash_value(const RowKey& key) {
      return key.row * 0x9e37'79b9'7f4a'7c15 ^ (std::size_t{key.group} << 32 | key.table);
    }
  };
  struct Member {
    std::uint32_t group;
    std::uint32_t number;  ///< within the group
  };
  static constexpr std::uint32_t kNoGroup = 0xffff'ffff;

  void add_group(const std::vector<domain::LayerId>& layers, std::vector<Member>& members);
  void compare(Row& row, sim::VirtualTime now);
  void reset(Member member, sim::VirtualTime now);
  void account(sim::VirtualTime now);

  const Setup& setup_;
  std::vector<Member> members_;             ///< by LayerId
  std::vector<Member> statistics_members_;  ///< the same of statistics databases
  std::vector<std::size_t> group_sizes_;
  boost::unordered_flat_map<RowKey, Row> rows_;
  std::uint64_t differing_{0};
  std::uint64_t differing_max_{0};
  sim::VirtualTime accounted_;
  std::int64_t differing_ns_{0};
  std::map<ConflictKey, std::uint64_t> conflicts_;
  std::vector<ConflictFinding> first_;
  std::vector<StopFinding> stops_;
  std::map<std::tuple<domain::DatabaseKind, domain::LayerId, domain::SiteId>, std::size_t> open_stops_;
  std::uint64_t refused_writes_{0};
  std::uint64_t exported_{0};
};

}  // namespace parallax::audit
