// Who holds which version of what: the entries of every layer, as put and drop records tell.
#pragma once

#include <array>
#include <boost/container/small_vector.hpp>
#include <optional>
#include <vector>

#include "models/audit/fetch.h"
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
  explicit Holdings(const Setup& setup) : setup_{setup}, slot_of_(setup.layers) {}

  struct Place {
    domain::LayerId layer;
    domain::ObjectRef object;
    std::uint32_t variant;
  };

  /// An entry for this object is going to be put or dropped.
  void fetch(domain::LayerId layer, domain::ObjectRef object) const { fetch_lines(slots_[slot_of(layer, object)]); }

  /// The record of the entry that this one replaces, if any.
  sim::RecordId put(const Place& place, domain::Version version, sim::RecordId id);

  /// The same where there is none to replace; nothing is searched for.
  void add(const Place& place, domain::Version version, sim::RecordId id);

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
  /// In the order in which they came, in which they mostly go too. A token is cached for one or two of its APIs,
  /// mostly; a subscription with many tokens.
  using Entries = boost::container::small_vector<Holding, 2>;
  static Entries::iterator find(Entries& entries, std::uint32_t variant);
  const Entries* find(domain::LayerId layer, domain::ObjectRef object) const;
  /// In slots_; 0 where nothing is held.
  std::uint32_t slot_of(domain::LayerId layer, domain::ObjectRef object) const {
    const auto& slots = slot_of_[domain::index(layer)][static_cast<std::size_t>(object.kind())];
    return object.id() < slots.size() ? slots[object.id()] : 0;
  }
  Entries& take_slot(domain::LayerId layer, domain::ObjectRef object);
  void release_slot(domain::LayerId layer, domain::ObjectRef object);

  const Setup& setup_;
  std::vector<std::array<std::vector<std::uint32_t>, domain::kObjectKinds>> slot_of_;  ///< by LayerId, kind and id
  std::vector<Entries> slots_{{}};                                                     ///< the first holds nothing
  std::vector<std::uint32_t> free_slots_;
};

}  // namespace parallax::audit
