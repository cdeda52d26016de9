package network.tachi.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Eip712Test {
  private static final PrivateKey ANVIL_0 =
      PrivateKey.parse("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
  private static final Address FROM = Address.parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
  private static final Address TO = Address.parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
  private static final Address USDC_BASE =
      Address.parse("0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913");

  @ParameterizedTest
  @CsvSource({
    "1,0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48,USD"
        + " Coin,0x06c37168a7db5138defc7866392bb87a741f9b3d104deb5094588ce041cae335",
    "8453,0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913,USD"
        + " Coin,0x02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f",
    "84532,0x036CbD53842c5426634e7929541eC2318f3dCF7e,USDC,0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818",
    "11155111,0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238,USDC,0xb90e5057db141a932946e64d09ccb7ffc9b00bd79fec26f698d29af0c83320a6"
  })
  void usdcDomains_shouldBeThoseOfTheChains(
      long chain, String usdc, String name, String separator) {
    assertThat(Eip712.domainSeparator(name, "2", ChainId.of(chain), Address.parse(usdc)))
        .hasToString(separator);
  }

  @ParameterizedTest
  @CsvSource({
    "8453,0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913,USD"
        + " Coin,0x69dc2b8a66424b74c8a1edf770c1e94bf29a3fa31c9ff51ce24c0b78b5715e58,0x9a0b217ed9a88e7f1f25511738c2f4f79d874a236cfeab1dd830537b8b8ac03c17ba9b3a698817cd44999c1f704515231dab8d2af410d2cc3c9721d843158c781c",
    "84532,0x036CbD53842c5426634e7929541eC2318f3dCF7e,USDC,0x3e066e3f86f78503bc93942767028e4c50e73a43505c877fad6fd43cb6965b15,0x255ef222464d2ab7da8446d22743c035582e33e7d4447776daf0e274cc6ec273149b4da3928bb0f2ffa76355a08810354fa83579bad49d495196c4ee876dd4d91b",
    "1,0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48,USD"
        + " Coin,0xdd87fdef5e79c3476329e2cd81faf229618585a4183d0fe659cb05148b48d0bf,0x4064159c51f475a4351de9c9bfcd0efd5c6f19b2fb71561c12172f194a03260e2aba8beff9366c8602f9a3bb05cf826dbf2b9e289bca8c61be97d05754ce203f1c"
  })
  void paymentAuthorisations_shouldEqualTheGoldenVectors(
      long chain, String usdc, String name, String digest, String signature) {
    Eip3009.Authorization authorization =
        new Eip3009.Authorization(
            FROM,
            TO,
            UsdcAmount.of(10000),
            BigInteger.ZERO,
            BigInteger.valueOf(1_800_000_000),
            Hash.parse("0x" + "11".repeat(32)));
    Hash domain = Eip712.domainSeparator(name, "2", ChainId.of(chain), Address.parse(usdc));
    Hash found = Eip712.digest(domain, authorization.transferStructHash());
    assertThat(found).hasToString(digest);
    assertThat(Secp256k1.best().sign(found, ANVIL_0)).hasToString(signature);
    assertThat(new BouncyCastleSecp256k1().sign(found, ANVIL_0)).hasToString(signature);
    assertThat(Secp256k1.best().recoverAddress(found, Signature.parse(signature))).contains(FROM);
  }

  @Test
  void batchVoucher_shouldEqualTheGoldenVector() {
    Hash domain =
        Eip712.domainSeparator(
            "x402 Batch Settlement",
            "1",
            ChainId.BASE,
            Address.parse("0x4020074e9dF2ce1deE5A9C1b5c3f541D02a10003"));
    Hash configType =
        Eip712.typeHash(
            "ChannelConfig(address payer,address payerAuthorizer,address receiver,address"
                + " receiverAuthorizer,address token,uint40 withdrawDelay,bytes32 salt)");
    Hash config =
        WordBuffer.struct(configType, 7)
            .address(FROM)
            .address(FROM)
            .address(TO)
            .address(TO)
            .address(USDC_BASE)
            .uint(900)
            .hash(Hash.ZERO)
            .keccak();
    Hash channel = Eip712.digest(domain, config);
    assertThat(channel)
        .hasToString("0xfe548fd9b67759cd40a12bf9cc2af7893f235f500e382ad71faf92707444bba1");
    Hash voucher =
        WordBuffer.struct(
                Eip712.typeHash("Voucher(bytes32 channelId,uint128 maxClaimableAmount)"), 2)
            .hash(channel)
            .amount(UsdcAmount.of(10000))
            .keccak();
    assertThat(Signer.of(ANVIL_0).sign(Eip712.digest(domain, voucher)))
        .hasToString(
            "0xda7c98d93bbeae9c693b64749f860c82a8259693db0d7ea4f99b61565ce368741790434a5f8b82caf8fd5ee2514bd5eb07e56d0a3f51147e6ef323ea6baa06d91b");
  }

  @Test
  void x402Offer_shouldEqualTheGoldenVector() {
    Hash type =
        Eip712.typeHash(
            "Offer(uint256 version,string resourceUrl,string scheme,string network,string"
                + " asset,string payTo,string amount,uint256 validUntil)");
    Hash offer =
        WordBuffer.struct(type, 8)
            .uint(1)
            .hash(Keccak.hash("https://pub.example/a"))
            .hash(Keccak.hash("exact"))
            .hash(Keccak.hash("eip155:8453"))
            .hash(Keccak.hash(USDC_BASE.toString()))
            .hash(Keccak.hash(TO.toString()))
            .hash(Keccak.hash("10000"))
            .uint(1_800_000_000)
            .keccak();
    Hash digest = Eip712.digest(Eip712.domainSeparator("x402 offer", "1", ChainId.ETHEREUM), offer);
    assertThat(digest)
        .hasToString("0xfbbb648a1eff5790b083a36ccd698053469de7ecc2f2ef9572163998e3cf69f1");
    assertThat(Signer.of(ANVIL_0).sign(digest))
        .hasToString(
            "0x895176a6a28b3862730d99975f491ccf69c17321e8c922a892401d06a2325b743033fdf2f4da937d43465f3c4fa9fb7da726c2ca14e9af1ebe33ea9d4901f9d11c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EIP712Domain(string name,string version,uint256 chainId,address"
            + " verifyingContract)|0x8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f",
        "EIP712Domain(string name,uint256 chainId,address"
            + " verifyingContract)|0x8cad95687ba82c2ce50e74f7b754645e5117c3a5bec8151c0726d5857980a866",
        "EIP712Domain(string name,string version,uint256"
            + " chainId)|0xc2f8787176b8ac6bf7215b4adcc1e069bf4ab82d9ab1df05a57a91d425935b6e",
        "TokenPermissions(address token,uint256"
            + " amount)|0x618358ac3db8dc274f0cd8829da7e234bd48cd73c4a740aede1adec9846d06a1",
        "Witness(address to,uint256"
            + " validAfter)|0xd97b3239a7f32295517bd14cb074edfdd188dfe5eb42f802bb26d4fd1eb12c37",
        "Witness(address to,address facilitator,uint256"
            + " validAfter)|0xd4171c445a74218b01d4fd8af34ff1106580ea1e36ff837e64484bfaa2253b75",
        "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256"
            + " deadline,Witness witness)TokenPermissions(address token,uint256"
            + " amount)Witness(address to,uint256"
            + " validAfter)|0xebc156cd23678a74c94df13d772ef5478420637f0c94bd10d509e1dc98f521c7",
        "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256"
            + " deadline,Witness witness)TokenPermissions(address token,uint256"
            + " amount)Witness(address to,address facilitator,uint256"
            + " validAfter)|0x51dff6974ad4388c499e7fcfe838d2bd767162553a144098ce20ea661d70c2ee",
        "ChannelConfig(address payer,address payerAuthorizer,address receiver,address"
            + " receiverAuthorizer,address token,uint40 withdrawDelay,bytes32"
            + " salt)|0x1c9a06ceab9b0ebbd3301dc56c9111bb6d9af421356dc9ccb3b7084c755db308",
        "Voucher(bytes32 channelId,uint128"
            + " maxClaimableAmount)|0x1e1bd6ff84c3e0d9029a292b212e039c0ca97ec497c55191a4a5874294609a69",
        "Refund(bytes32 channelId,uint256 nonce,uint128"
            + " amount)|0xbe23ad087435072cd69b49cc5b92de10ee610fce7ae0ab428307972d764bb216",
        "ClaimEntry(bytes32 channelId,uint128 maxClaimableAmount,uint128"
            + " totalClaimed)|0x30b9a0367528fca13c3e8ec6134c3113f1887ebe7a1ad61de0955aac288b0cf5",
        "ClaimBatch(ClaimEntry[] claims)ClaimEntry(bytes32 channelId,uint128"
            + " maxClaimableAmount,uint128"
            + " totalClaimed)|0x42bd57c010b870c2e96203c66341f28a6a19b4d56a74533a8eb5f706b9fd6d57",
        "Offer(uint256 version,string resourceUrl,string scheme,string network,string asset,string"
            + " payTo,string amount,uint256"
            + " validUntil)|0x85143d3249b5e62ed5edd3d59a352d4e1181c775ff4f762f9c8a617f6bf1e97d",
        "Receipt(uint256 version,string network,string resourceUrl,string payer,uint256"
            + " issuedAt,string"
            + " transaction)|0x616944bc4bb51b3d5fcbba8c559f76d57a93ac1e0d6659f1abbe95f92300c06f"
      })
  void typeHashes_shouldEqualTheGoldenVectors(String type, String hash) {
    assertThat(Eip712.typeHash(type)).hasToString(hash);
  }

  @Test
  void tokenTypeHashes_shouldEqualTheGoldenVectors() {
    assertThat(Eip3009.TRANSFER_TYPE_HASH)
        .hasToString("0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267");
    assertThat(Eip3009.RECEIVE_TYPE_HASH)
        .hasToString("0xd099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8");
    assertThat(Eip3009.CANCEL_TYPE_HASH)
        .hasToString("0x158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429");
    assertThat(Eip2612.PERMIT_TYPE_HASH)
        .hasToString("0x6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9");
  }

  @Test
  void typedData_shouldEqualViem() {
    for (Vector vector : Vector.load("typedData")) {
      Hash domain = domain(vector.object("domain"));
      Hash struct = struct(vector);
      Hash digest = Eip712.digest(domain, struct);
      assertThat(domain).as("%s", vector).isEqualTo(vector.hash("domainSeparator"));
      assertThat(struct).as("%s", vector).isEqualTo(vector.hash("structHash"));
      assertThat(digest).isEqualTo(vector.hash("digest"));
      assertThat(Signer.of(vector.secret()).sign(digest)).hasToString(vector.text("signature"));
    }
  }

  private static Hash domain(Vector domain) {
    String name = domain.text("name");
    if (domain.has("salt")) {
      return Eip712.domainSeparator(name, domain.text("version"), domain.hash("salt"));
    }
    ChainId chain = ChainId.of(domain.number("chainId").longValueExact());
    if (!domain.has("version")) {
      return Eip712.domainSeparator(name, chain, domain.address("verifyingContract"));
    }
    return domain.has("verifyingContract")
        ? Eip712.domainSeparator(
            name, domain.text("version"), chain, domain.address("verifyingContract"))
        : Eip712.domainSeparator(name, domain.text("version"), chain);
  }

  private static Hash struct(Vector vector) {
    var members = vector.objects("members");
    WordBuffer generic = WordBuffer.struct(Eip712.typeHash(vector.text("type")), members.size());
    members.forEach(member -> write(generic, member));
    Hash hash = generic.keccak();
    switch (vector.text("primaryType")) {
      case "TransferWithAuthorization" ->
          assertThat(authorization(members).transferStructHash()).isEqualTo(hash);
      case "ReceiveWithAuthorization" ->
          assertThat(authorization(members).receiveStructHash()).isEqualTo(hash);
      case "CancelAuthorization" ->
          assertThat(
                  Eip3009.cancelStructHash(members.get(0).address("v"), members.get(1).hash("v")))
              .isEqualTo(hash);
      case "Permit" ->
          assertThat(
                  new Eip2612.Permit(
                          members.get(0).address("v"),
                          members.get(1).address("v"),
                          members.get(2).number("v"),
                          members.get(3).number("v"),
                          members.get(4).number("v"))
                      .structHash())
              .isEqualTo(hash);
      default -> {}
    }
    return hash;
  }

  private static Eip3009.Authorization authorization(List<Vector> members) {
    return new Eip3009.Authorization(
        members.get(0).address("v"),
        members.get(1).address("v"),
        UsdcAmount.of(members.get(2).number("v")),
        members.get(3).number("v"),
        members.get(4).number("v"),
        members.get(5).hash("v"));
  }

  private static void write(WordBuffer out, Vector member) {
    switch (member.text("t")) {
      case "address" -> out.address(member.address("v"));
      case "bool" -> out.bool((Boolean) member.get("v"));
      case "bytes32" -> out.hash(member.hash("v"));
      case "uint64" -> out.uint64(member.number("v").longValue());
      case "uint128" -> out.amount(UsdcAmount.of(member.number("v")));
      default -> out.uint(member.number("v"));
    }
  }

  @Test
  void personalMessages_shouldEqualViem() {
    for (Vector vector : Vector.load("personal")) {
      assertThat(Eip191.personalDigest(vector.text("message"))).isEqualTo(vector.hash("digest"));
    }
  }

  @Test
  void wordBuffer_shouldInsistOnItsLayout() {
    WordBuffer two = new WordBuffer(2).license(LicenseId.of(3));
    assertThatThrownBy(two::keccak)
        .isInstanceOf(WordCountException.class)
        .hasMessage("expected 2 words, found 1");
    two.chain(ChainId.BASE);
    assertThat(two.toBytes()).hasSize(64);
    assertThatThrownBy(() -> two.uint(1))
        .isInstanceOf(WordCountException.class)
        .hasMessage("expected 2 words, found more");
    assertThatThrownBy(() -> new WordBuffer(1).uint(-1)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> new WordBuffer(1).uint(Uint256.MAX.add(BigInteger.ONE)))
        .isInstanceOf(InvalidValueException.class);
    assertThat(new WordBuffer(1).uint64(-1).toBytes())
        .isEqualTo(Hash.ofUint(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE)).toBytes());
  }
}
