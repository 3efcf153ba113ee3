// What stands where a template ends.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/domain/ids.h"
#include "models/logic/routing/segment_trie.h"
#include "models/logic/routing/verb.h"

namespace parallax::logic::routing {

using LeafId = std::uint32_t;
inline constexpr LeafId kNoLeaf = 0xffff'ffff;

struct alignas(32) Leaf {
  std::array<domain::ResourceId, kVerbs.size()> resources{};  ///< by verb, where it is declared
  VerbSet verbs{};

  void declare(Verb verb, domain::ResourceId resource) {
    verbs.insert(verb);
    resources[static_cast<std::size_t>(verb)] = resource;
  }

  /// Of the last of the wanted verbs that is declared. Requires: one is.
  domain::ResourceId resource_of(VerbSet wanted) const {
    return resources[static_cast<std::size_t>((verbs & wanted).last())];
  }
};

/// In the tree of an API's templates. Literals are edges of the trie.
struct TemplateNode {
  NodeId parameter{kNoNode};  ///< behind "/{...}"
  LeafId exact{kNoLeaf};      ///< of the template that ends here
  LeafId wildcard{kNoLeaf};   ///< of the template that ends with "/*" here
};

}  // namespace parallax::logic::routing
