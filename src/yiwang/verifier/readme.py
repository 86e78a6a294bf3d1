"""The README.txt of every dossier: always the same bytes, so that nobody can write other instructions into it."""

README = """\
案卷包（一网）
================

本压缩包是一个招标项目到目前为止依法公开的全部证据。任何人都可以离线核验，不需要数据库、网络，也不需要信任交易中心：

    pip install yiwang-verify
    yiwang-verify 案卷包.zip

（装有完整程序的，用 yiwang verify 案卷包.zip。）核验会逐条说明：由什么重新算出了什么，以及最后仍需信任什么。

文件：
  manifest.json   本包每个文件的大小和 SHA-256
  acts.json       已公开的行为（盐值、内容）及其在日志中的序号；未公开的行为只有日志条目
  proofs.json     每个条目在日志中的包含证明，抽签信标和较早检查点的一致性证明（RFC 6962）
  checkpoint      日志和见证人签名的检查点（C2SP tlog-checkpoint；Ed25519 和 ML-DSA-44）
  checkpoints/    截标、开标、抽取、定标当时所等的检查点，有见证人签名（没有见证人的中心没有这个文件夹）
  log.vkeys       日志的公钥
  policy          信任策略（C2SP tlog-policy）：日志和见证人的公钥，几家见证才算数
  documents/      招标文件，以内容的 SHA-256 命名
  bids/           已开标的密封投标文件（age 格式），以内容的 SHA-256 命名
  law/            中心自定的采购方式、期限规则和评审办法的全文（用软件自带的采购方式的，没有这个文件夹）

日志条目 = SHA-256(盐值 || 内容) || SM3(盐值 || 内容)，内容是 RFC 8785 规范 JSON。


Dossier (yiwang)
================

This archive holds all evidence of one tender that the law makes public so far. Anybody can check it offline, without a
database, without a network, without trust in the trading center:

    pip install yiwang-verify
    yiwang-verify DOSSIER.zip

(With the whole program: yiwang verify DOSSIER.zip.) Each line of the report says what was recomputed from what; its end
says what remains a matter of trust.

Files:
  manifest.json   size and SHA-256 of every file here
  acts.json       the disclosed acts (salt, content) with their places in the log; of others the log entry alone
  proofs.json     proof that each entry is in the log, and that beacon and earlier checkpoints are of the same log (RFC 6962)
  checkpoint      the checkpoint, signed by log and witnesses (C2SP tlog-checkpoint; Ed25519 and ML-DSA-44)
  checkpoints/    the cosigned checkpoints that closing, opening, draw and award waited for (none without witnesses)
  log.vkeys       the log's public keys
  policy          whom to trust (C2SP tlog-policy): keys of log and witnesses, how many witnesses are enough
  documents/      the tender's documents, named by the SHA-256 of their content
  bids/           the sealed bids that were opened (age format), named by the SHA-256 of their content
  law/            a procedure of the center's own with its clock rules and formulas (none where the program's own is used)

Log entry = SHA-256(salt || content) || SM3(salt || content), content being RFC 8785 canonical JSON.
"""

EARLIER = frozenset(
    {
        "42284a4dbf7e93f34700251e8739ce47fe9d9056beedb3af2d94cb6ccbbcf5fe",
        "439723d3e36f24c3d83d7a0d4ef63feea26b74565c5b1eff4f7cd83962db76da",
    }
)
"""SHA-256 of the texts that earlier dossiers hold: they stay valid. When the text changes, its hash comes here."""
