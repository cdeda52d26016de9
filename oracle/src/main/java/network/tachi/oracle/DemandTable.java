package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import org.jooq.DSLContext;

/** Reads the demands about our pending headers, as indexed, inside the caller's transaction. */
final class DemandTable {
  private final ChainId chain;

  DemandTable(ChainId chain) {
    this.chain = requireNonNull(chain, "chain is null");
  }

  /**
   * Demands about headers that are neither final nor void.
   *
   * @param open without an answer, the next deadline first
   * @param byState how many there are, by state
   */
  record Pending(List<Demand> open, Map<String, Long> byState) {
    Pending {
      open = List.copyOf(open);
      byState = Map.copyOf(byState);
    }
  }

  /** The demands that matter. */
  Pending pending(DSLContext tx) {
    List<Demand> open = new ArrayList<>();
    Map<String, Long> byState = new HashMap<>();
    tx.fetch(
            """
            SELECT d.demand_id, e.epoch, d.header_hash, d.kind, d.subject, d.opened_at, d.answer_by, d.state
            FROM metering.epoch e JOIN chain.demand_current d ON d.header_hash = e.header_hash
            WHERE d.chain_id = ? AND e.state NOT IN ('voided', 'finalised')
            ORDER BY d.answer_by, d.demand_id
            """,
            chain.value())
        .forEach(row -> {
          String state = row.get("state", String.class);
          byState.merge(state, 1L, Long::sum);
          if (state.equals("open")) {
            open.add(
                new Demand(
                    Rows.hash(row, "demand_id"),
                    Rows.number(row, "epoch"),
                    Rows.hash(row, "header_hash"),
                    Demand.Subject.of(
                        row.get("kind", Integer.class), Bytes.of(row.get("subject", byte[].class))),
                    Rows.number(row, "opened_at"),
                    Rows.number(row, "answer_by")));
          }
        });
    return new Pending(open, byState);
  }
}
