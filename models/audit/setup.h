// What the audit must know beside the journal: who observes, through which layers, and whose requests a counter sees.
#pragma once

#include <array>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "models/domain/topic.h"
#include "sim/time.h"

namespace parallax::audit {

/// A node. A gateway decides on what the first layer of a chain holds that holds anything. The last layer of a chain
/// is its root: it holds the catalog when the run starts.
struct Observer {
  domain::SiteId site;
  std::array<std::vector<domain::LayerId>, 3> chains;  ///< by ObjectKind
  std::vector<domain::NodeId> counted_with;            ///< nodes whose admissions its traffic manager counts
  sim::Duration event_delay{};                         ///< the greatest, from one of them to that traffic manager

  /// A node at whose broker it hears of changes, and the topics.
  struct Hears {
    domain::NodeId broker;
    std::array<bool, domain::kTopics.size()> topics{};
  };
  std::vector<Hears> hears_at{};
  std::array<bool, 3> acts_on{};  ///< events about objects of these kinds, by ObjectKind

  /// Tokens prove themselves: one that is issued is known at once.
  bool has_signed_tokens{false};

  /// It is a gateway: others have no chains.
  bool decides() const { return !chains[0].empty(); }
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
  bool keeps_home{false};  ///< rows stay, by intent, where their law is: elsewhere they are not missing
  bool has_statistics{false};
  std::uint16_t first_statistics_table{0xffff};        ///< table numbers from here on are those of statistics databases
  std::vector<domain::LayerId> statistics_replicas{};  ///< of which those in these layers are to hold the same rows
  std::size_t sites{0};
  std::vector<domain::SiteId> region_of_population;
};

}  // namespace parallax::audit
