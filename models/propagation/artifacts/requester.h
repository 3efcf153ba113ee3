// Asks a source of artifacts at another site, one question at a time, over TCP. A way that is cut keeps the question
// back until TCP tries again after the heal; whoever asks may give up before.
//
// Stages: transfer [the connection's round trips + one more + service time], or from when the cut is noticed, which is
// at once if it is there already and within a second if not, what the fault is charged to.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/domain/stage.h"
#include "models/propagation/artifacts/artifact_source.h"
#include "models/propagation/artifacts/spec.h"
#include "models/propagation/broker/broker.h"
#include "sim/connection.h"
#include "sim/power.h"
#include "sim/site.h"

namespace parallax::propagation::artifacts {

/// So often who has no answer yet looks whether a fault has come up: our resolution. TCP's first retransmission of a
/// SYN comes after the same time.
inline constexpr sim::Duration kLookInterval = sim::seconds(1);

class Asker {
 public:
  /// kNoAnswer: nor will there be one.
  virtual void answered(const Answer& answer) = 0;
  /// A fault keeps the question back, as is known now. Once a question.
  virtual void held_back(domain::Stage by) = 0;

 protected:
  ~Asker() = default;
};

class Requester {
 public:
  /// `name`: of random streams, distinct among requesters.
  Requester(sim::Site& client, sim::Site& server, const sim::Power& server_power, const std::string& name,
            const RequestSpec& spec, ArtifactSource& source, std::vector<domain::Stage> stage_of_fault);
  Requester(const Requester&) = delete;
  Requester& operator=(const Requester&) = delete;

  /// Who hears the answers. Before the run.
  void belongs_to(Asker& asker) { asker_ = &asker; }

  /// The process that asks. Before the run.
  void lives_in(sim::Standstill& process) { connection_.client().belongs_to(process); }

  sim::Site& site() const { return site_; }

  /// Requires: no question open, and power.
  void ask(Question question);
  bool is_asking() const { return exchange_ != nullptr; }

  // What happens to the host that asks; an open question is not answered.
  void lost();
  void restored() { connection_.client().restore(); }

  // What happens to the source's, at its site, told after its power knows.
  void source_lost(broker::HostLoss how = broker::HostLoss::kPower) { broker::lose(connection_.server(), how); }
  void source_restored() { broker::restore(connection_.server()); }

 private:
  /// Is the source's from the question until the answer; if nobody waits for that any more it is put aside.
  struct Exchange {
    Question question;
    Answer answer{};
  };
  class AtClient final : public sim::ConnectionListener {
   public:
    explicit AtClient(Requester& requester) : requester_{requester} {}
    void opened() override { requester_.send(); }
    void closed(sim::Closed) override { requester_.fail(); }

   private:
    Requester& requester_;
  };
  class AtServer final : public sim::ConnectionListener {
   public:
    void opened() override {}
    void closed(sim::Closed) override {}
  };

  void look();
  std::optional<std::uint32_t> fault_on_asking();
  void send();
  void serve(Exchange& exchange, std::uint32_t era);
  void reply(std::uint32_t era);
  void finish();
  void fail();
  void abandon();

  sim::Site& site_;
  sim::Site& source_site_;
  const sim::Power& source_power_;
  RequestSpec spec_;
  ArtifactSource& source_;
  std::vector<domain::Stage> stage_of_fault_;
  Asker* asker_{nullptr};
  AtClient at_client_{*this};
  AtServer at_server_;
  sim::Connection connection_;
  std::unique_ptr<Exchange> exchange_;
  std::vector<std::unique_ptr<Exchange>> abandoned_;
  bool is_sent_{false};
  bool is_held_back_{false};
  std::uint32_t era_{0};  ///< counted up when a question is over; what an earlier one has left scheduled is void
};

}  // namespace parallax::propagation::artifacts
