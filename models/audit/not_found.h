// What a publication looks like from outside. Until each gateway of a data center has a new API, some answer its calls
// and others say 404. A balancer without affinity shows every client both; one with affinity shows each client what its
// own gateway says, always 200 or always 404, and hides the other.
//
// From the acknowledgement until all gateways have the API, or it is retired:
//
//   shown   calls answered 404
//   hidden  calls to a gateway that has it, while another ready one of the same data center has not: with that one the
//           call would have failed
//   flips   calls answered 404 although the same token has been answered otherwise by the same API before
//
// Where k of n gateways lack it and calls are spread evenly, shown / (shown + hidden) is k / n with affinity or without
// it; what affinity takes away is the flips. A session that gets a new token counts as another.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <optional>
#include <vector>

#include "models/audit/findings.h"
#include "models/audit/setup.h"
#include "models/domain/journal.h"

namespace parallax::audit {

class NotFound {
 public:
  explicit NotFound(const Setup& setup);

  void acknowledged(const domain::ChangeAcknowledged& change);
  void put(const domain::EntryPut& entry);
  void dropped(const domain::EntryDropped& entry);
  void site_changed(const domain::SiteChanged& changed);
  void node_changed(const domain::NodeChanged& changed) { presence_changed(changed.node, changed.change); }
  void decided(const domain::RequestDecided& decision);

  void finish(Findings& findings);

 private:
  /// What a token has been answered by an API, of late and ever.
  struct Seen {
    bool was_found{false};
    bool has_flipped{false};
  };
  struct Publication {
    enum class State : std::uint8_t { kToCome, kUnderWay, kOver };
    State state{State::kToCome};
    std::vector<std::uint8_t> has;                          ///< by NodeId
    boost::unordered_flat_map<std::uint32_t, Seen> seen{};  ///< by token; looked up, never iterated
  };

  void presence_changed(domain::NodeId node, domain::SiteChange change);
  /// Of an API that is there from the start nothing is published.
  Publication* publication(domain::ApiId api);
  std::optional<domain::NodeId> owner(domain::LayerId layer, domain::ObjectRef object) const;
  bool lacks_another(const Publication& publication, domain::NodeId node) const;
  void end_if_everywhere(Publication& publication);
  void end(Publication& publication);

  const Setup& setup_;
  std::vector<std::optional<domain::NodeId>> owners_;  ///< of artifacts, by LayerId
  std::vector<std::uint8_t> is_present_;               ///< by NodeId
  std::map<domain::ApiId, Publication> publications_;
  std::size_t under_way_{0};
  NotFoundFinding found_;
};

}  // namespace parallax::audit
