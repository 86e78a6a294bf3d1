"""The witness: a small service of another party that cosigns a log only as long as the log never takes anything back.

Imports kernel and tlog only: no Django, no PostgreSQL. It speaks C2SP tlog-witness over HTTP and keeps its state in
one SQLite file. The same package has the log's side: who submits checkpoints and collects cosignatures.

:mod:`.keys` the witness's two keys; :mod:`.logs` the logs it knows; :mod:`.request` reads submissions;
:mod:`.state` what it has seen, durably; :mod:`.service` the rules; :mod:`.server` HTTP; :mod:`.mirror` a full copy;
:mod:`.client` (with :mod:`.memory` and :mod:`.answers`) the log's side; :mod:`.peer` HTTP requests with hard limits.
"""
