package network.tachi.tx;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * The outbox's two tables in one schema. They have the same shape in each schema, so they are named
 * here and not generated once a schema.
 */
final class OutboxTables {
  final Table<Record> tx;
  final Field<Long> id;
  final Field<Long> chainId;
  final Field<byte[]> sender;
  final Field<String> kind;
  final Field<String> key;
  final Field<byte[]> to;
  final Field<byte[]> data;
  final Field<BigDecimal> value;
  final Field<String> state;
  final Field<Long> nonce;
  final Field<Long> gasLimit;
  final Field<byte[]> minedTx;
  final Field<Long> minedBlock;
  final Field<byte[]> minedBlockHash;
  final Field<Boolean> success;
  final Field<String> reason;
  final Field<OffsetDateTime> createdAt;
  final Field<OffsetDateTime> updatedAt;

  final Table<Record> attempt;
  final Field<Long> attemptTx;
  final Field<Integer> attemptNumber;
  final Field<byte[]> attemptHash;
  final Field<byte[]> attemptRaw;
  final Field<BigDecimal> attemptMaxFee;
  final Field<BigDecimal> attemptPriority;
  final Field<OffsetDateTime> attemptCreatedAt;

  OutboxTables(String schema) {
    Name txName = DSL.name(schema, "outbox");
    tx = DSL.table(txName);
    id = DSL.field(txName.append("id"), SQLDataType.BIGINT);
    chainId = DSL.field(txName.append("chain_id"), SQLDataType.BIGINT);
    sender = DSL.field(txName.append("sender"), SQLDataType.BLOB);
    kind = DSL.field(txName.append("kind"), SQLDataType.CLOB);
    key = DSL.field(txName.append("key"), SQLDataType.CLOB);
    to = DSL.field(txName.append("to_address"), SQLDataType.BLOB);
    data = DSL.field(txName.append("data"), SQLDataType.BLOB);
    value = DSL.field(txName.append("value_wei"), SQLDataType.NUMERIC);
    state = DSL.field(txName.append("state"), SQLDataType.CLOB);
    nonce = DSL.field(txName.append("nonce"), SQLDataType.BIGINT);
    gasLimit = DSL.field(txName.append("gas_limit"), SQLDataType.BIGINT);
    minedTx = DSL.field(txName.append("mined_tx"), SQLDataType.BLOB);
    minedBlock = DSL.field(txName.append("mined_block"), SQLDataType.BIGINT);
    minedBlockHash = DSL.field(txName.append("mined_block_hash"), SQLDataType.BLOB);
    success = DSL.field(txName.append("success"), SQLDataType.BOOLEAN);
    reason = DSL.field(txName.append("reason"), SQLDataType.CLOB);
    createdAt = DSL.field(txName.append("created_at"), SQLDataType.TIMESTAMPWITHTIMEZONE);
    updatedAt = DSL.field(txName.append("updated_at"), SQLDataType.TIMESTAMPWITHTIMEZONE);

    Name attemptName = DSL.name(schema, "outbox_attempt");
    attempt = DSL.table(attemptName);
    attemptTx = DSL.field(attemptName.append("outbox_id"), SQLDataType.BIGINT);
    attemptNumber = DSL.field(attemptName.append("attempt"), SQLDataType.INTEGER);
    attemptHash = DSL.field(attemptName.append("tx_hash"), SQLDataType.BLOB);
    attemptRaw = DSL.field(attemptName.append("raw"), SQLDataType.BLOB);
    attemptMaxFee = DSL.field(attemptName.append("max_fee"), SQLDataType.NUMERIC);
    attemptPriority = DSL.field(attemptName.append("priority_fee"), SQLDataType.NUMERIC);
    attemptCreatedAt =
        DSL.field(attemptName.append("created_at"), SQLDataType.TIMESTAMPWITHTIMEZONE);
  }
}
