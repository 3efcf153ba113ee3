// Key templates of custom policies: "$userId:$apiContext" counts each user's calls of each context apart. A gateway
// pulls the list once at its start and gets later changes pushed; one that missed the pull never asks its decisions for
// custom keys and ignores the policy (wso2/api-manager#4862). The cure is to pull again: see startup_pull.h.
//
// A key is a keyed digest of the values (caches/digest.h): no string is built, and a client that chooses its address
// can neither make two keys collide nor a table degrade. All gateways and counter stores of a deployment share the
// secret.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "models/logic/caches/digest.h"
#include "models/logic/throttling/subject.h"
#include "models/logic/throttling/throttle_key.h"

namespace parallax::logic::throttling {

enum class Variable : std::uint8_t {
  kUserId,
  kApiContext,
  kApiVersion,
  kResourceKey,
  kAppTenant,
  kApiTenant,
  kAppId,
  kClientIp,
};

/// Which variables a template names. Literal text between them is in the template's identity.
class VariableSet {
 public:
  constexpr VariableSet() = default;
  constexpr VariableSet(std::initializer_list<Variable> variables) {
    for (const Variable variable : variables) bits_ = static_cast<std::uint8_t>(bits_ | bit(variable));
  }
  constexpr bool holds(Variable variable) const { return (bits_ & bit(variable)) != 0; }
  friend constexpr bool operator==(VariableSet, VariableSet) = default;

 private:
  static constexpr std::uint8_t bit(Variable variable) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(variable));
  }
  std::uint8_t bits_{0};
};

struct KeyTemplate {
  TemplateId id{};
  VariableSet variables{};
  friend constexpr bool operator==(KeyTemplate, KeyTemplate) = default;
};

/// The template with the call's values for its variables.
ThrottleKey expand(KeyTemplate key_template, const Subject& subject, const caches::DigestSecret& secret);

class KeyTemplates {
 public:
  std::span<const KeyTemplate> all() const { return templates_; }
  /// Replaces a template of the same id.
  void add(KeyTemplate key_template);
  void remove(TemplateId id);

 private:
  std::vector<KeyTemplate> templates_;  ///< by id
};

}  // namespace parallax::logic::throttling
