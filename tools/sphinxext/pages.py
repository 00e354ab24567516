from __future__ import annotations


def setup(app):
    app.add_config_value("comments_config", {}, "")
