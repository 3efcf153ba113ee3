// What the commands for authors of scenarios take: list, describe, init and schema.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/exit_code.h"

namespace CLI {
class App;
}

namespace parallax::cli {

struct ListArguments {
  enum class What { scenarios, data } what{What::scenarios};
};

struct DescribeArguments {
  enum class What { scenario, metrics, claims } what{What::scenario};
  enum class Form { text, markdown } form{Form::text};  ///< of claims
  std::string scenario;                                 ///< a name of the library, or a file
  std::vector<std::string> overrides;                   ///< "path=value"
};

struct InitArguments {
  std::optional<std::string> from;  ///< a name of the library; else `sites`
  std::vector<std::string> sites;
  std::optional<std::string> file;
  enum class Existing { kept, replaced } existing{Existing::kept};
};

struct SchemaArguments {
  std::optional<std::string> out;
  enum class Form { proto, json } form{Form::proto};
};

using AuthoringRequest = std::variant<ListArguments, DescribeArguments, InitArguments, SchemaArguments, ExitCode>;

/// Adds the commands to an app that outlives this, and tells what was asked once it has parsed.
class AuthoringCommands {
 public:
  explicit AuthoringCommands(CLI::App& app);

  /// Nothing if another command was given. What does not fit together has been said on stderr, and is an exit code.
  std::optional<AuthoringRequest> request() const;

 private:
  void add_list(CLI::App& app);
  void add_describe(CLI::App& app);
  void add_init(CLI::App& app);
  void add_schema(CLI::App& app);
  AuthoringRequest describe_request() const;
  AuthoringRequest init_request() const;

  CLI::App* list_command_{nullptr};
  CLI::App* describe_command_{nullptr};
  CLI::App* init_command_{nullptr};
  CLI::App* schema_command_{nullptr};
  bool data_{false};
  bool metrics_{false};
  bool claims_{false};
  bool markdown_{false};
  bool force_{false};
  bool json_{false};
  DescribeArguments describe_{};
  InitArguments init_{};
  SchemaArguments schema_{};
};

}  // namespace parallax::cli
