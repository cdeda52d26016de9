package network.tachi.indexer;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;

/**
 * A contract that logs whatever its call data says, so that a real node carries any event with any
 * values. The call data is a sequence of logs: one byte with the number of topics, two with the
 * length of the data, the topics, the data.
 */
final class LogEmitter {
  /** Code to deploy it. */
  static final Bytes INIT_CODE = initCode(runtime());

  /** One log to emit. */
  record Emitted(List<Hash> topics, Bytes data) {}

  private LogEmitter() {}

  /** The call data that emits logs in this order. */
  static Bytes callData(List<Emitted> logs) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Emitted log : logs) {
      out.write(log.topics().size());
      out.write(log.data().size() >> 8);
      out.write(log.data().size());
      log.topics().forEach(topic -> out.writeBytes(topic.toBytes()));
      out.writeBytes(log.data().toArray());
    }
    return Bytes.wrap(out.toByteArray());
  }

  private static Bytes initCode(byte[] runtime) {
    // CODECOPY the runtime to memory 0 and return it: 12 bytes of code before it.
    Assembler asm = new Assembler();
    asm.push2(runtime.length).push1(12).op(0x5f, 0x39).push2(runtime.length).op(0x5f, 0xf3);
    byte[] prefix = asm.toBytes();
    if (prefix.length != 12) {
      throw new IllegalStateException("the prefix has " + prefix.length + " bytes");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(prefix);
    out.writeBytes(runtime);
    return Bytes.wrap(out.toByteArray());
  }

  private static byte[] runtime() {
    Assembler asm = new Assembler();
    asm.op(0x5f); // PUSH0: position in the call data
    asm.label("next").op(0x5b);
    asm.op(0x80, 0x36, 0x14).pushLabel("end").op(0x57); // stop at the end of the call data
    asm.op(0x80, 0x35).push1(232).op(0x1c); // the three bytes of the head
    asm.op(0x80).push1(16).op(0x1c, 0x90).push2(0xffff).op(0x16); // position, topics, length
    asm.op(0x80, 0x82)
        .push1(5)
        .op(0x1b, 0x84, 0x01)
        .push1(3)
        .op(0x01, 0x5f, 0x37); // data to memory
    for (int topics = 0; topics <= 4; topics++) {
      asm.op(0x81).push1(topics).op(0x14).pushLabel("log" + topics).op(0x57);
    }
    asm.op(0xfe);
    for (int topics = 0; topics <= 4; topics++) {
      asm.label("log" + topics).op(0x5b);
      for (int topic = topics; topic >= 1; topic--) {
        int depthOfPosition = 3 + topics - topic;
        asm.op(0x7f + depthOfPosition).push1(3 + 32 * (topic - 1)).op(0x01, 0x35);
      }
      asm.op(0x80 + topics, 0x5f, 0xa0 + topics).pushLabel("done").op(0x56);
    }
    asm.label("done").op(0x5b, 0x90).push1(5).op(0x1b, 0x01, 0x01).push1(3).op(0x01);
    asm.pushLabel("next").op(0x56);
    asm.label("end").op(0x5b, 0x00);
    return asm.toBytes();
  }

  /** Opcodes in a row, with jumps to labels. */
  private static final class Assembler {
    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final Map<String, Integer> labels = new HashMap<>();
    private final Map<Integer, String> jumps = new HashMap<>();

    Assembler op(int... opcodes) {
      for (int opcode : opcodes) {
        code.write(opcode);
      }
      return this;
    }

    Assembler push1(int value) {
      return op(0x60, value);
    }

    Assembler push2(int value) {
      return op(0x61, value >> 8, value);
    }

    Assembler label(String name) {
      labels.put(name, code.size());
      return this;
    }

    Assembler pushLabel(String name) {
      op(0x61);
      jumps.put(code.size(), name);
      return op(0, 0);
    }

    byte[] toBytes() {
      byte[] bytes = code.toByteArray();
      jumps.forEach((at, name) -> {
        int target = java.util.Objects.requireNonNull(labels.get(name));
        bytes[at] = (byte) (target >> 8);
        bytes[at + 1] = (byte) target;
      });
      return bytes;
    }
  }
}
