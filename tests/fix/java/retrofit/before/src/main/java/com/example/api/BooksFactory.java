package com.example.api;

import retrofit2.Retrofit;
import retrofit2.converter.gson.GsonConverterFactory;

public final class BooksFactory {
    private static final String BASE_URL = "https://books.zoho.com/api/v3/";

    public static BooksApi create() {
        return new Retrofit.Builder()
                .baseUrl(BASE_URL)
                .addConverterFactory(GsonConverterFactory.create())
                .build()
                .create(BooksApi.class);
    }
}
