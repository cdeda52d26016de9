package network.tachi.queryapi;

import java.math.BigDecimal;
import network.tachi.evm.UsdcAmount;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** Adds up amounts in the database. */
final class Sums {
  private Sums() {}

  /** The sum of a column as a column of a query; null over no rows. */
  static Field<BigDecimal> sum(Field<UsdcAmount> amount) {
    return DSL.sum(amount.coerce(SQLDataType.NUMERIC));
  }

  /** The amount of such a sum. */
  static UsdcAmount amount(BigDecimal sum) {
    return UsdcAmount.of(sum.toBigIntegerExact());
  }

  /** The sum of a column over some rows; zero over none. */
  static UsdcAmount of(DSLContext tx, Table<?> table, Field<UsdcAmount> amount, Condition rows) {
    BigDecimal sum =
        tx.select(DSL.coalesce(sum(amount), BigDecimal.ZERO))
            .from(table)
            .where(rows)
            .fetchSingle()
            .value1();
    return amount(sum);
  }
}
