package com.example;

class BooksUse {
    private final BooksApi api;
    BooksUse(BooksApi api) { this.api = api; }
    String list(String token) throws Exception {
        return api.invoices("Zoho-authtoken " + token, "1").execute().body();
    }
}
