"""Government procurement other than tendering: talks with suppliers, single source, framework agreements."""
