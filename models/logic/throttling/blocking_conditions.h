// Who is refused whatever the quotas say: an administrator's blocking conditions. A gateway pulls them once at its
// start and gets each switch on or off pushed.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <variant>
#include <vector>

#include "models/domain/ids.h"
#include "models/logic/throttling/client_address.h"
#include "models/logic/throttling/subject.h"

namespace parallax::logic::throttling {

/// Both ends inclusive. "All but a range" is the two ranges beside it.
struct AddressRange {
  ClientAddress first{};
  ClientAddress last{};
  friend constexpr auto operator<=>(const AddressRange&, const AddressRange&) = default;
};

using BlockingCondition = std::variant<domain::ApiId, domain::ApplicationId, domain::UserId, domain::SubscriptionId,
                                       ClientAddress, AddressRange>;

enum class Switch : std::uint8_t { kOn, kOff };

class BlockingConditions {
 public:
  void set(const BlockingCondition& condition, Switch to);
  bool empty() const { return ids_.empty() && addresses_.empty() && ranges_.empty(); }

  /// At most one probe for each kind of condition that exists, and a binary search among the ranges.
  bool blocks(const Subject& subject) const;

 private:
  bool is_in_range(ClientAddress address) const;
  void reach_again();

  static constexpr std::size_t kIdKinds = 4;  // the first four alternatives of BlockingCondition
  std::array<std::uint32_t, kIdKinds> ids_of_{};
  boost::unordered_flat_set<std::uint64_t> ids_;  ///< the kind in the upper half
  boost::unordered_flat_set<ClientAddress> addresses_;
  std::vector<AddressRange> ranges_;  ///< in order
  std::vector<ClientAddress> reach_;  ///< element i: the greatest `last` of ranges 0 to i
};

}  // namespace parallax::logic::throttling
