// Who holds which version of what: the entries of every layer, as put and drop records tell.
#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>

#include "models/audit/setup.h"
#include "models/domain/journal.h"
#include "sim/record.h"

namespace parallax::audit {

struct Holding {
  std::uint32_t variant;
  domain::Version version;
  sim::RecordId put;
};

class Holdings {
 public:
  explicit Holdings(const Setup& setup) : setup_{setup} {}

  struct Place {
    domain::LayerId layer;
    domain::ObjectRef object;
    std::uint32_t variant;
  };

  /// The record of the entry that this one replaces, if any.
  sim::RecordId put(const Place& place, domain::Version version, sim::RecordId id);

  /// The record that had put the dropped entry, if it was there.
  sim::RecordId drop(const Place& place);

  /// What a root layer holds, its catalog of the start included.
  domain::Version version_in(domain::LayerId root, domain::ObjectRef object) const;

  /// V(o, x) of design section 2: the stalest variant in the first layer of the observer's chain that holds any.
  domain::Version version(domain::NodeId observer, domain::ObjectRef object) const;

  /// The record that put what a root layer holds; none if it is from before the run.
  sim::RecordId put_in(domain::LayerId root, domain::ObjectRef object) const;

  struct Deciding {
    Holding holding;
    std::size_t depth;  ///< of its layer in the observer's chain, from 0
  };
  /// The entry that version() speaks of; nothing if it is the root's own from before the run.
  std::optional<Deciding> deciding(domain::NodeId observer, domain::ObjectRef object) const;

 private:
  using Entries = boost::container::small_vector<Holding, 2>;  // a token is cached for one or two of its APIs, mostly
  const Entries* entries(domain::LayerId layer, domain::ObjectRef object) const;

  const Setup& setup_;
  boost::unordered_flat_map<std::uint64_t, Entries> by_place_;  // looked up, never iterated
};

}  // namespace parallax::audit
