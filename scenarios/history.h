// A run as Jepsen writes histories, so that Elle and Knossos can judge it: EDN, one operation's map a line.
//
//   {:process 3, :type :ok, :f :read, :value [[:r "api 2" 1024] [:r "token 17" 2048]], :time 61400000000, :index 12}
//
// Registers are tokens, APIs and subscriptions. A decision is a read of the versions that it rests on, all at its
// instant; an acknowledged change is a write; one of which nobody knows whether it was committed ends as :info, one
// that came to nothing as :fail. Values are versions: 1 024 times the number of the change, and the site that made it.
// nil: it was never there. What the catalog holds was written by process 0 before anybody looked at it.
//
// A process is a session: a token with its issue and revocation, an application with its subscriptions, a publishing
// node with its APIs. As a process does one thing at a time, what a session does while a write of its own is under way
// has another process, and so has what it does after a write whose end is not known.
//
// Elle takes it as it is, for rw-register (its rw_register.clj looks at :value, not at :f). Knossos judges one register
// at a time: the lines that name it, with its version alone as their value.
#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/container/static_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/audit/holdings.h"
#include "models/audit/setup.h"
#include "models/domain/journal.h"
#include "sim/record.h"

namespace parallax::scenarios {

class History {
 public:
  explicit History(audit::Setup setup) : setup_{std::move(setup)}, holdings_{setup_} {}
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  void read(std::span<const sim::Record> journal);

  /// Takes the text piece by piece.
  using Sink = std::function<void(std::string_view)>;
  void write(const Sink& sink) const;

 private:
  using Process = std::uint32_t;
  enum class Ending : std::uint8_t { kNone, kOk, kFail, kInfo };
  enum class Kind : std::uint8_t { kRead, kWrite };
  struct Register {
    domain::ObjectRef object;
    domain::Version version;
  };
  struct Operation {
    Kind kind;
    Ending ending{Ending::kNone};
    Process process;
    sim::VirtualTime begun;
    sim::VirtualTime ended{};
    boost::container::static_vector<Register, 3> registers{};
  };
  enum class Phase : std::uint8_t { kBegin, kEnd };
  /// A line of the history.
  struct Line {
    std::uint32_t operation;
    Phase phase;
  };
  using Processes = boost::container::small_vector<Process, 1>;

  void read(const sim::Record& record);
  void decided(const domain::RequestDecided& decision, sim::VirtualTime now);
  void invoked(const domain::ChangeInvoked& change, const sim::Record& record);
  void committed(const domain::EntryPut& entry, sim::RecordId cause);
  void end(sim::RecordId invocation, Ending ending, sim::VirtualTime now);
  void look_at(domain::ObjectRef object);
  bool has_expired(domain::TokenId token, sim::VirtualTime now) const;
  std::uint64_t session_of(const domain::ChangeInvoked& change) const;
  Process process_of(std::uint64_t session);
  std::uint32_t begin(Kind kind, Process process, sim::VirtualTime now);
  std::string line_text(const Line& line, std::size_t index) const;

  audit::Setup setup_;
  audit::Holdings holdings_;
  std::vector<Operation> operations_;
  std::vector<Line> lines_;
  std::vector<std::uint8_t> is_busy_{0};                                 ///< by process; the catalog's is the first
  boost::unordered_flat_map<std::uint64_t, Processes> sessions_;         // looked up, never iterated
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> under_way_;    ///< by invocation; never iterated
  boost::unordered_flat_map<std::uint32_t, std::uint8_t> looked_at_;     ///< by object; never iterated
  boost::unordered_flat_map<std::uint32_t, sim::VirtualTime> expiries_;  ///< of issued tokens; never iterated
};

}  // namespace parallax::scenarios
