package com.example;

import retrofit2.Call;
import retrofit2.http.GET;
import retrofit2.http.Header;
import retrofit2.http.Query;

interface BooksApi {
    @GET("https://books.zoho.com/api/v3/invoices")
    Call<String> invoices(@Header("Authorization") String authorization, @Query("organization_id") String organization);
}
