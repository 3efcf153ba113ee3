// What the audit must know beside the journal: who observes, through which layers, and whose requests a counter sees.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/clock_error.h"
#include "models/domain/ids.h"
#include "models/domain/stage.h"
#include "models/domain/topic.h"
#include "sim/time.h"

namespace parallax::audit {

/// A node. A gateway decides, and a traffic manager counts, on what the first layer of a chain holds that holds
/// anything. The last layer of a chain is its root: it holds the catalog when the run starts.
struct Observer {
  domain::SiteId site;
  std::array<std::vector<domain::LayerId>, domain::kObjectKinds> chains;  ///< by ObjectKind
  std::vector<domain::NodeId> counted_with;  ///< nodes whose admissions its traffic manager counts
  sim::Duration event_delay{};               ///< the greatest, from one of them to that traffic manager

  /// A node at whose broker it hears of changes, and the topics.
  struct Hears {
    domain::NodeId broker;
    std::array<bool, domain::kTopics.size()> topics{};
  };
  std::vector<Hears> hears_at{};
  std::vector<domain::NodeId> counted_by{};          ///< nodes whose traffic managers tell it who is over a limit
  std::array<bool, domain::kObjectKinds> acts_on{};  ///< events about objects of these kinds, by ObjectKind

  /// Tokens prove themselves: one that is issued is known at once.
  bool has_signed_tokens{false};

  /// Gateways observe tokens, APIs and subscriptions, traffic managers policies.
  bool observes(domain::ObjectRef object) const { return !chains[static_cast<std::size_t>(object.kind())].empty(); }
  bool is_gateway() const { return !chains[static_cast<std::size_t>(domain::ObjectKind::kToken)].empty(); }
  bool observes_any() const {
    return std::any_of(chains.begin(), chains.end(), [](const auto& chain) { return !chain.empty(); });
  }
};

struct Setup {
  const domain::Catalog* catalog{nullptr};
  std::vector<Observer> observers;  ///< by NodeId
  std::size_t layers{0};
  std::vector<std::uint8_t> is_loaded;                       ///< by LayerId: it holds the catalog's when the run starts
  std::vector<domain::LayerId> replicas;                     ///< the layers that are databases
  std::vector<std::vector<domain::LayerId>> replica_groups;  ///< databases that are to hold the same rows
  std::vector<domain::Jurisdiction> jurisdictions;           ///< by SiteId; all 0 where nobody asks
  std::vector<domain::SiteId> site_of_layer;                 ///< of databases, by LayerId
  bool keeps_home{false};         ///< rows stay, by intent, where their law is: elsewhere they are not missing
  bool counts_elsewhere{false};   ///< requests travel to traffic managers of other sites
  bool has_shared_caches{false};  ///< copies go from one node to another, and outlive the entry that they were made of
  bool has_affinity{false};       ///< a balancer keeps clients at their nodes
  bool has_statistics{false};
  std::uint16_t revoked_tokens_table{0xffff};          ///< its number, of databases of APIs
  std::uint16_t first_statistics_table{0xffff};        ///< table numbers from here on are those of statistics databases
  std::vector<domain::LayerId> statistics_replicas{};  ///< of which those in these layers are to hold the same rows
  std::vector<domain::ClockError> clocks{};            ///< by NodeId; empty: all are right
  std::size_t sites{0};
  std::optional<sim::VirtualTime> first_fault{};  ///< when the first is on; nothing: there is none
  std::vector<domain::SiteId> region_of_population;
  std::vector<std::uint8_t>
      kind_of_population;  ///< API, token endpoint, developer portal, publisher; empty: all call APIs
  std::vector<domain::SiteId> preferred_of_population;  ///< the data center that its region prefers
  std::optional<domain::SiteId> judge{};  ///< where a zone's verdicts come together; nothing: regions judge themselves
  /// By the site that judges: from its first failed check of a data center until it takes that out of the answers.
  std::vector<sim::Duration> confirming{};
  /// Clients keep addresses and connections: they have left a site with their last call to it, not with the resolvers.
  bool follows_clients{false};
  /// A fault that keeps changes back while it is on. What it does not name is any.
  struct Barrier {
    std::optional<domain::SiteId> from;       ///< on the way from this site
    std::optional<domain::SiteId> to;         ///< and to this one
    std::optional<domain::LayerId> database;  ///< of what this database is to take
    std::optional<domain::NodeId> observer;   ///< of what this node is to hear
    sim::VirtualTime since;
    sim::VirtualTime until;
    domain::Stage stage;
  };
  std::vector<Barrier> barriers{};
  /// Wrong decisions that are listed one by one: of each node, error and minute the first so many.
  std::uint64_t listed_a_minute{0};
  /// For tests: the single copy decides every request again, also where it knows what the gateway knew. Findings must
  /// be the same; a decision that only then turns out wrong is in none of their books.
  bool judges_all{false};
};

}  // namespace parallax::audit
